"""A point becomes historical on the day its record arrives, by a case that tells which record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from gis.authority import Role
from gis.store.audit import AuditEntry
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.events.models import DisasterEvent
from hazards.evidence import weighing
from hazards.points.cases import proposing
from hazards.points.cases import service as cases
from hazards.points.cases.models import LedgerCase
from hazards.points.cases.proposing import Ask
from hazards.points.models import HazardPoint
from tests.evidence import beside, keep, known
from tests.integration.evidence.conftest import NOW
from tests.ledger import PROGRAM, entered
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, WANZHOU


@pytest.fixture
def point(sessions, world, hazard_types):
    return entered(sessions, evidence="possible", hazard_type="unstable_slope")


def evidence_of(sessions, point) -> str:
    with unit_of_work(sessions, SYSTEM) as session:
        return session.get_one(HazardPoint, point).evidence


def arrives(sessions, *, away_m=120.0, accuracy_m: float | None = 250, hazard_type=None):
    record = known(beside(IN_GAOSUNTANG, away_m), "2016-07-08", accuracy_m=accuracy_m)
    (event,) = keep(sessions, [record], area=GAOSUNTANG)
    if hazard_type:
        with unit_of_work(sessions, SYSTEM) as session:
            session.get_one(DisasterEvent, event).hazard_type = hazard_type
    return event


def corrected(sessions, event, away_m):
    """Let a catalogue say anew where a record lies, as an import leaves it."""
    with unit_of_work(sessions, SYSTEM) as session:
        row = session.get_one(DisasterEvent, event)
        row.place, row.weighed = beside(IN_GAOSUNTANG, away_m), False


def test_a_possible_point_becomes_historical_when_its_record_arrives_logged(
    sessions, point, people
):
    assert weighing.look(sessions, now=NOW) == 0
    event = arrives(sessions)
    assert weighing.look(sessions, now=NOW) == 1
    assert evidence_of(sessions, point) == "historical"
    planner = people.add(Role.PLANNER, WANZHOU).as_actor()
    with unit_of_work(sessions, Scope.of(planner)) as session:
        (case,) = [c for c in session.scalars(select(LedgerCase)) if c.kind == "change"]
        assert (case.state, case.opened_at) == ("approved", NOW)
        assert "（2016-07-08）相距 120 米，位置精度 250 米" in case.reason
    with unit_of_work(sessions, SYSTEM) as session:
        (line,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "evidence.backed"))
        assert (line.subject, line.facts["event"]) == (point, str(event))


@pytest.mark.parametrize(
    "record",
    [
        {"accuracy_m": 50_000},
        {"accuracy_m": None},
        {"away_m": 450.0},
        {"hazard_type": "forest_fire"},
    ],
    ids=["vague", "unknown", "half in reach", "another kind"],
)
def test_a_record_that_is_not_surely_of_the_place_moves_nothing(sessions, point, record):
    arrives(sessions, **record)
    assert weighing.look(sessions, now=NOW) == 0
    assert evidence_of(sessions, point) == "possible"


def test_after_an_undo_the_same_record_does_not_move_the_point_again(sessions, point, people):
    event = arrives(sessions)
    weighing.look(sessions, now=NOW)
    with unit_of_work(sessions, SYSTEM) as session:
        (case,) = [c for c in session.scalars(select(LedgerCase)) if c.kind == "change"]
        undo = Ask(new_id(), PROGRAM, NOW + timedelta(days=1), "记录写错了地方")
        proposing.undo(session, ask=undo, undone_id=case.id)
        cases.carry_through(session, case_id=undo.case_id, by=PROGRAM, now=undo.now)
        session.get_one(DisasterEvent, event).weighed = False  # as a correction leaves it
    assert weighing.look(sessions, now=NOW) == 0
    assert evidence_of(sessions, point) == "possible"
    arrives(sessions, away_m=90.0)
    assert weighing.look(sessions, now=NOW) == 1


def test_a_record_corrected_away_and_back_moves_its_point_there_back_and_there_again(
    sessions, point
):
    event, seen = arrives(sessions), []
    for day, away_m in enumerate((120.0, 9_000.0, 120.0, 9_000.0, 120.0)):
        corrected(sessions, event, away_m)
        weighing.look(sessions, now=NOW + timedelta(days=day))
        weighing.look(sessions, now=NOW + timedelta(days=day, minutes=1))
        seen.append(evidence_of(sessions, point))
    assert seen == ["historical", "possible", "historical", "possible", "historical"]
    with unit_of_work(sessions, SYSTEM) as session:
        changes = [c for c in session.scalars(select(LedgerCase)) if c.kind == "change"]
        assert len(changes) == 5


def test_a_person_who_undid_is_not_overruled_by_a_record_corrected_away_and_back(sessions, point):
    event = arrives(sessions)
    for day, away_m in enumerate((120.0, 9_000.0, 120.0)):
        corrected(sessions, event, away_m)
        weighing.look(sessions, now=NOW + timedelta(days=day))
    with unit_of_work(sessions, SYSTEM) as session:
        cases_of = [c for c in session.scalars(select(LedgerCase)) if c.kind == "change"]
        last = max(cases_of, key=lambda case: case.opened_at)
        undo = Ask(new_id(), PROGRAM, NOW + timedelta(days=4), "实地看过，不在这里")
        proposing.undo(session, ask=undo, undone_id=last.id)
        cases.carry_through(session, case_id=undo.case_id, by=PROGRAM, now=undo.now)
    for day, away_m in enumerate((9_000.0, 120.0), 5):
        corrected(sessions, event, away_m)
        assert weighing.look(sessions, now=NOW + timedelta(days=day)) == 0
    assert evidence_of(sessions, point) == "possible"


def test_the_points_page_names_the_records_behind_it_and_how_sure_each_is(
    sessions, point, client, sign_in
):
    arrives(sessions)
    arrives(sessions, away_m=450.0, accuracy_m=300)
    arrives(sessions, away_m=130.0, accuracy_m=50_000)
    sign_in(client, Role.PLANNER, WANZHOU)
    page = client.get(f"/points/{point}").text
    told = page[page.index('id="records"') : page.index('id="history"')]
    assert "相距 120 米，位置精度 250 米" in told
    assert told.index("确定属于这里") < told.index("很可能属于这里")
    assert told.count("<li>") == 2
