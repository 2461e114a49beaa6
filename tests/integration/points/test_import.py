"""A ledger comes in: dry first, then for good, and the second time nothing changes."""

import csv

import pytest
from sqlalchemy import func, select

from gis.authority import Actor, Role
from gis.errors import Forbidden, Rejected
from gis.store.audit import AuditEntry
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM
from hazards.points.models import HazardPoint, HazardPointVersion
from tests.integration.points.importing import row, told, why
from tests.ledger import carried
from tests.world import GAOSUNTANG, SHUANGJIANG, WANZHOU

THERE = {"经度": "108.90", "纬度": "30.95"}


def ledger(sessions) -> dict[str, HazardPoint]:
    with unit_of_work(sessions, SYSTEM) as session:
        return {point.number: point for point in session.scalars(select(HazardPoint))}


def test_a_dry_run_says_what_would_come_and_writes_nothing(office, sessions):
    report = office.rows(row("W1"), row("W2"), apply=False)
    assert told(report) == (2, 0, 0, 0)
    assert not report.applied
    assert ledger(sessions) == {}


def test_what_was_announced_is_what_comes(office, sessions):
    office.rows(row("W1", 威胁人数="620", 财产="8005000"), row("W2", **THERE, 灾种="土质滑坡"))
    points = ledger(sessions)
    first, second = points["W1"], points["W2"]
    assert (first.area_path, second.area_path) == (GAOSUNTANG, SHUANGJIANG)
    assert (first.grade, first.grade_origin, first.state) == ("II", "computed", "approved")
    assert float(first.threatened_property_10k_yuan) == 800.5
    assert (first.category, first.hazard_type, first.version) == ("hidden_danger", "landslide", 1)
    assert (first.source, first.changed_by_name, first.address) == ("wanzhou", "program", "")
    assert first.id.version == 7


def test_the_same_file_again_changes_nothing(office, sessions):
    path = office.save(row("W1"), row("W2"))
    office.bring(path)
    before = ledger(sessions)
    assert told(office.bring(path)) == (0, 0, 2, 0)
    assert {p.id: p.version for p in ledger(sessions).values()} == {
        p.id: 1 for p in before.values()
    }


def test_a_changed_row_changes_its_point_and_keeps_the_old_state(office, sessions):
    office.rows(row("W1"), row("W2"))
    report = office.rows(row("W1", 威胁人数="1000"), row("W2"), row("W3"))
    assert told(report) == (1, 1, 1, 0)
    with unit_of_work(sessions, SYSTEM) as session:
        (old,) = session.scalars(select(HazardPointVersion)).all()
        point = session.scalar(select(HazardPoint).where(HazardPoint.number == "W1"))
        assert (old.threatened_persons, old.grade, old.version) == (120, "III", 1)
        assert (point.threatened_persons, point.grade, point.version) == (1000, "I", 2)
        assert old.replaced_at == point.changed_at


def test_an_import_is_one_line_of_audit_and_one_announcement(office, sessions):
    office.rows(row("W1"), row("W2", **THERE))
    office.rows(row("W1"), row("W2", **THERE))
    with unit_of_work(sessions, SYSTEM) as session:
        acts = session.scalars(select(AuditEntry)).all()
        events = session.scalars(select(LiveEvent)).all()
    assert [(a.act, a.facts["new"]) for a in acts] == [("points.imported", 2)]
    assert [e.kind for e in events] == ["imported"]
    assert {GAOSUNTANG, SHUANGJIANG} < set(events[0].area_paths)


def test_what_the_file_does_not_speak_of_stays(office, sessions, desk, change):
    office.rows(row("W1"))
    point = ledger(sessions)["W1"]
    said = {"version": 1, "owner_name": "Li", "grade": "I", "grade_reason": "School"}
    change(desk, f"/api/v1/points/{point.id}", **said)
    assert told(office.rows(row("W1"))) == (0, 0, 1, 0)
    assert told(office.rows(row("W1", 威胁人数="5"))) == (0, 1, 0, 0)
    after = ledger(sessions)["W1"]
    assert (after.owner_name, after.grade, after.grade_reason) == ("Li", "I", "School")


def test_a_grade_that_the_source_gives_against_its_figures_is_kept_as_set_by_hand(office, sessions):
    fields = office.mapping["fields"] | {"grade": {"value": "I"}}
    for expected in ((1, 0, 0, 0), (0, 0, 1, 0)):
        assert told(office.rows(row("W1"), fields=fields)) == expected
    point = ledger(sessions)["W1"]
    assert (point.grade, point.grade_origin) == ("I", "by_hand")
    assert "wanzhou" in point.grade_reason


def planner(role=Role.CITY_COMMANDER):
    return Actor(id=new_id(), name="Wang", role=role, area_path=WANZHOU)


def test_a_planner_brings_in_his_own_district_only(office, sessions):
    office.rows(row("Y1", **THERE))
    office.by = planner()
    report = office.rows(row("W1"), row("Y2", **THERE), row("Y1"))
    assert told(report) == (1, 0, 0, 2)
    assert set(ledger(sessions)) == {"Y1", "W1"}
    reasons = {line: reason for line, _, reason in why(report)}
    assert "双江街道" in reasons[3]
    assert "belongs to a point outside your area" in reasons[4]


def test_writing_past_every_case_needs_the_right_to_approve(office, sessions):
    office.by = planner(Role.DISTRICT_COMMANDER)
    assert told(office.rows(row("W1"), apply=False)) == (1, 0, 0, 0)
    with pytest.raises(Forbidden):
        office.rows(row("W1"))
    office.by = planner(Role.CITY_COMMANDER)
    office.rows(row("W1"))
    assert ledger(sessions)["W1"].state == "approved"


def test_a_delisted_point_does_not_come_back_with_the_old_file(office, sessions, desk):
    office.rows(row("W1"))
    address = f"/api/v1/points/{ledger(sessions)['W1'].id}/delist"
    gone = {"version": 1, "ground": "works_finished", "report": "Accepted on 3 June."}
    carried(sessions, desk.post(address, json=gone).json()["id"])
    report = office.rows(row("W1"))
    assert told(report) == (0, 0, 0, 1)
    assert "de-listed" in why(report)[0][2]


def test_the_refused_rows_come_back_as_a_file_that_runs_nothing(office):
    office.rows(row("W1"), row("W2", 名称="=HYPERLINK(1)", 威胁人数="-5"))
    with (office.folder / "refused.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["line"], line["编号"], line["名称"]) == ("3", "W2", "'=HYPERLINK(1)")
    assert line["威胁人数"] == "-5"
    assert "at least 0" in line["reason"]
    corrected = office.folder / "refused.csv"
    corrected.write_text(corrected.read_text("utf-8-sig").replace(",-5,", ",5,"))
    assert told(office.bring(corrected)) == (1, 0, 0, 0)


def test_a_mapping_that_does_not_fit_is_refused_before_a_row_is_read(office, sessions):
    good = office.mapping["fields"]
    for changes, told_what in [
        ({"fields": good | {"number": "No."}}, "no column No."),
        ({"fields": good | {"dragons": "名称"}}, "does not have"),
        ({"fields": {k: v for k, v in good.items() if k != "name"}}, "does not say where name"),
        ({"fields": good | {"category": {"value": "nice"}}}, "known are"),
        ({"fields": good | {"name": {"column": "名称", "value": "x"}}}, "exactly one"),
        ({"fields": good | {"grade": {"columns": ["名称", "编号"]}}}, "only a text"),
        ({"crs": None}, "coordinate system"),
        ({"latitude": None}, "only one"),
        ({"surprise": 1}, "surprise"),
    ]:
        with pytest.raises(Rejected, match=told_what):
            office.rows(row("W1"), **changes)
    assert ledger(sessions) == {}


def test_a_list_without_numbers_takes_what_makes_a_row_itself(office, sessions):
    number = {"number": {"columns": ["编号", "经度"]}}
    fields = office.mapping["fields"] | number
    rows = [row("W1", 经度="108.31"), row("W1", 经度="108.32"), row("", 经度="108.33")]
    assert told(office.rows(*rows, fields=fields)) == (2, 0, 0, 1)
    assert set(ledger(sessions)) == {"W1 108.31", "W1 108.32"}
    assert told(office.rows(*rows, fields=fields)) == (0, 0, 2, 1)


def test_twenty_thousand_rows_keep_their_numbers(office, sessions):
    rows = [row(f"N{n}", 经度=f"{108.3 + n % 199 / 1000:.3f}") for n in range(20_000)]
    assert told(office.rows(*rows)) == (20_000, 0, 0, 0)
    again = [r.replace(",120,", ",121,") if n % 2 else r for n, r in enumerate(rows)]
    assert told(office.rows(*again)) == (0, 10_000, 10_000, 0)
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(HazardPointVersion)) == 10_000
