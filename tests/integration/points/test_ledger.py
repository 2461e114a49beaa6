"""The life of a point on the ledger: entered, changed, de-listed, and every state kept."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from gis.authority import Role
from gis.store.audit import AuditEntry
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM
from hazards.points.models import HazardPoint
from tests.ledger import carried, said
from tests.world import GAOSUNTANG, IN_TAIBAI, OUTSIDE, TAIBAI, WANZHOU


def test_a_point_gets_its_street_by_its_place_and_its_grade_by_its_figures(desk, enter):
    point = enter(desk, threatened_persons=620, threatened_property_10k_yuan="800.50")
    assert point["area_path"] == GAOSUNTANG
    assert (point["grade"], point["grade_origin"], point["state"]) == ("II", "computed", "approved")
    assert point["number"].startswith("YT-")
    assert desk.get(f"/api/v1/points/{point['id']}").json() == point


def test_a_change_keeps_the_state_before_it(desk, enter, change):
    point = enter(desk, name="Old name")
    address = f"/api/v1/points/{point['id']}"
    changed = change(desk, address, version=1, name="New name", threatened_persons=1200)
    assert (changed["version"], changed["grade"]) == (2, "I")
    newest, oldest = desk.get(f"{address}/history").json()
    assert newest["by_name"] == "Zhang"
    told = {d["column"]: (d["was"], d["became"]) for d in newest["differences"]}
    assert told == {
        "name": ("Old name", "New name"),
        "threatened_persons": ("120", "1200"),
        "grade": ("III", "I"),
    }
    assert oldest["differences"] == []


def test_a_point_that_moves_gets_the_area_of_its_new_place(desk, enter, change):
    point = enter(desk)
    where = {"version": 1, "longitude": IN_TAIBAI.x, "latitude": IN_TAIBAI.y}
    assert change(desk, f"/api/v1/points/{point['id']}", **where)["area_path"] == TAIBAI


def test_a_stale_change_is_refused_and_told_who_changed_what(desk, enter, change, sign_in):
    point = enter(desk)
    address = f"/api/v1/points/{point['id']}"
    change(desk, address, version=1, owner_name="Li")
    sign_in(desk, Role.PLANNER, WANZHOU, name="Wang")
    stale = desk.patch(address, json={"version": 1, "name": "Mine"})
    assert stale.status_code == 409
    assert "Zhang" in stale.json()["detail"]
    assert "owner_name" in stale.json()["detail"]
    assert desk.get(address).json()["name"] == point["name"]


def test_a_grade_by_hand_stays_until_it_is_taken_back(desk, enter, change):
    point = enter(desk, grade="I", grade_reason="A school stands below.")
    assert (point["grade"], point["grade_origin"]) == ("I", "by_hand")
    address = f"/api/v1/points/{point['id']}"
    assert change(desk, address, version=1, threatened_persons=3)["grade"] == "I"
    back = change(desk, address, version=2, grade=None)
    assert (back["grade"], back["grade_origin"], back["grade_reason"]) == ("IV", "computed", None)


def test_delisted_for_a_ground_with_a_report_and_off_the_list(desk, enter, sessions):
    point = enter(desk)
    address = f"/api/v1/points/{point['id']}"
    asked = {"version": 1, "ground": "works_finished", "report": "Accepted on 3 June."}
    for wrong in ({"ground": "tired of it"}, {"report": " "}):
        assert desk.post(f"{address}/delist", json=asked | wrong).status_code == 422
    case = desk.post(f"{address}/delist", json=asked).json()
    assert (case["kind"], case["count_removed"]) == ("remove", 1)
    assert desk.get("/api/v1/points").json()["total"] == 1
    carried(sessions, case["id"])
    done = desk.get(address).json()
    assert (done["state"], done["delisted_ground"]) == ("delisted", "works_finished")
    assert desk.get("/api/v1/points").json()["total"] == 0
    assert desk.get("/api/v1/points?state=delisted").json()["total"] == 1
    assert desk.patch(address, json={"version": 2, "name": "Again"}).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"hazard_type": "dragon"},
        {"category": "nice"},
        {"threatened_persons": -1},
        {"threatened_frail": 121},
        {"grade": "I"},
        {"longitude": OUTSIDE.x, "latitude": OUTSIDE.y},
        {"longitude": 30.8, "latitude": 108.35},
        {"longitude": float(0), "surprise": 1},
        {"extent": {"type": "Point", "coordinates": [1, 2]}},
        {"extent": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}},
    ],
)
def test_what_breaks_a_rule_is_refused_and_leaves_nothing(desk, wrong):
    answer = desk.post("/api/v1/points", json=said(**wrong))
    assert answer.status_code == 422, answer.text
    assert desk.get("/api/v1/cases").json()["total"] == 0


def test_every_act_is_in_the_audit_log_and_on_the_live_line(desk, sessions):
    case = desk.post("/api/v1/points", json=said()).json()
    carried(sessions, case["id"])
    with unit_of_work(sessions, SYSTEM) as session:
        acts = session.scalars(
            select(AuditEntry.act)
            .where(AuditEntry.act.not_like("account%"))
            .order_by(AuditEntry.seq)
        ).all()
        told = session.execute(
            select(LiveEvent.topic, LiveEvent.kind).order_by(LiveEvent.seq)
        ).all()
    ways = ["apply", "survey", "review"]
    last = ["point.registered", "case.approve"]
    assert acts == ["case.opened", *(f"case.{way}" for way in ways), *last]
    assert told == [*(("case", way) for way in ways), ("point", "registered"), ("case", "approve")]


def test_not_even_a_hand_made_update_escapes_the_history(desk, enter, sessions):
    enter(desk)
    unsigned = "UPDATE hazard_point SET name = 'x'"
    with pytest.raises(DBAPIError, match="version"), unit_of_work(sessions, SYSTEM) as session:
        session.execute(text(unsigned))
    for forbidden in (
        "DELETE FROM hazard_point",
        "DELETE FROM hazard_point_version",
        "UPDATE hazard_point_version SET name = 'x'",
        "INSERT INTO hazard_point_version SELECT * FROM hazard_point_version",
    ):
        with pytest.raises(DBAPIError), unit_of_work(sessions, SYSTEM) as session:
            session.execute(text(forbidden))
    unknown = "UPDATE hazard_point SET hazard_type = 'dragon', version = version + 1"
    with pytest.raises(DBAPIError, match="type"), unit_of_work(sessions, SYSTEM) as session:
        session.execute(text(unknown))
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(text(f"{unsigned}, version = version + 1"))
        assert session.scalar(select(HazardPoint.version)) == 2
        assert session.scalar(text("SELECT name FROM hazard_point_version")) == "大石坡滑坡"
