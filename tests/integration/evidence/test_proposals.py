"""What the records propose: nothing enters the ledger by itself, no decision is asked for twice."""

import pytest
from sqlalchemy import func, select

from gis.authority import Role
from gis.errors import Conflict, Forbidden, Missing, Rejected
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.events.models import DisasterEvent
from hazards.evidence import repository, searching, service
from hazards.evidence.models import EvidenceProposal, EvidenceSearch
from hazards.evidence.rules import Asked, State
from hazards.points.cases import service as cases
from hazards.points.cases.models import HazardPointDraft, LedgerCase
from hazards.points.cases.proposing import Ask
from hazards.points.models import HazardPoint
from hazards.points.rules import Category, Evidence
from tests.evidence import beside, keep, known, slides
from tests.integration.evidence.conftest import NOW
from tests.ledger import PROGRAM, entered
from tests.world import CITY, GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, WANZHOU, YUNYANG


def proposals(sessions, *, by=None) -> list[EvidenceProposal]:
    with unit_of_work(sessions, Scope.of(by) if by else SYSTEM) as session:
        return list(session.scalars(select(EvidenceProposal).order_by(EvidenceProposal.id)))


def only(sessions) -> EvidenceProposal:
    (row,) = proposals(sessions)
    return row


def reject(sessions, by, row, reason="滑坡体已清除") -> None:
    with unit_of_work(sessions, Scope.of(by)) as session:
        service.reject(session, proposal_id=row.id, reason=reason, by=by, now=NOW)


def accept(sessions, by, row, case_id=None) -> LedgerCase:
    with unit_of_work(sessions, Scope.of(by)) as session:
        ask = Ask(case_id or new_id(), by, NOW, "记录说明此处多发")
        return service.accept(
            session, proposal_id=row.id, ask=ask, name="麻柳嘴", category=Category.OCCURRENCE
        )


def test_a_search_proposes_and_the_ledger_stays_as_it_was(sessions, planner, search):
    keep(sessions, slides(IN_GAOSUNTANG), area=GAOSUNTANG)
    told = search(planner)
    assert (told["found"], told["new"], told["heat"]["records"]) == (1, 1, 7)
    row = only(sessions)
    assert (row.state, row.evidence, row.area_path) == (State.OPEN, "high_frequency", GAOSUNTANG)
    assert row.facts["occurrences"] == 6
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(HazardPoint)) == 0
        assert session.scalar(select(func.count()).select_from(LedgerCase)) == 0
    again = search(planner)
    assert (again["found"], again["new"], again["outdated"]) == (1, 0, 0)
    assert again["vintage"] == told["vintage"]
    assert only(sessions).facts == row.facts


@pytest.mark.parametrize("records", [slides(IN_GAOSUNTANG), []], ids=["some", "none"])
def test_a_search_tells_how_far_it_is_and_left_in_the_middle_leaves_nothing(
    sessions, planner, records
):
    keep(sessions, records, area=GAOSUNTANG)
    told = []

    def search(heard):
        with unit_of_work(sessions, Scope.of(planner)) as session:
            asked = Asked("geological")
            searching.search(session, id=new_id(), asked=asked, by=planner, now=NOW, told=heard)

    def leave(done, total):
        if done * 4 > total * 3:
            raise Conflict("stopped")

    with pytest.raises(Conflict):
        search(leave)
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalars(select(EvidenceSearch)).all() == []
    search(lambda done, total: told.append(done / total))
    assert told[:3] == [0.25, 0.5, 0.75]
    assert told == sorted(told)
    assert told[-1] == 1


def test_an_accepted_place_becomes_a_case_and_comes_back_only_if_that_is_withdrawn(
    sessions, planner, search
):
    keep(sessions, slides(IN_GAOSUNTANG), area=GAOSUNTANG)
    search(planner)
    case = accept(sessions, planner, only(sessions))
    assert accept(sessions, planner, only(sessions), case.id).id == case.id
    with unit_of_work(sessions, SYSTEM) as session:
        draft = session.scalars(select(HazardPointDraft)).one()
        assert (draft.evidence, draft.hazard_type, draft.name) == (
            Evidence.HIGH_FREQUENCY,
            "landslide",
            "麻柳嘴",
        )
    assert search(planner)["new"] == 0
    with pytest.raises(Conflict):
        reject(sessions, planner, only(sessions))
    with unit_of_work(sessions, Scope.of(planner)) as session:
        cases.withdraw(session, case_id=case.id, by=planner, now=NOW)
    assert search(planner)["new"] == 1


def test_a_rejected_place_stays_away_until_its_records_change(sessions, planner, search):
    ids = keep(sessions, slides(IN_GAOSUNTANG), area=GAOSUNTANG)
    search(planner)
    with pytest.raises(Rejected):
        reject(sessions, planner, only(sessions), reason=" ")
    reject(sessions, planner, only(sessions))
    assert search(planner)["new"] == 0
    assert search(planner, within_m=150)["new"] == 0
    with unit_of_work(sessions, SYSTEM) as session:
        session.get_one(DisasterEvent, ids[0]).location_accuracy_m = 300
    assert search(planner)["new"] == 1
    row = proposals(sessions)[-1]
    assert row.state == State.OPEN
    reject(sessions, planner, row)
    keep(sessions, [known(beside(IN_GAOSUNTANG, 0, 80), "2024-07-11")], area=GAOSUNTANG)
    assert search(planner)["new"] == 1
    assert [one.state for one in proposals(sessions)] == ["rejected", "rejected", "open"]


def test_records_join_a_point_of_the_ledger_by_a_case_that_only_adds(sessions, planner, search):
    keep(sessions, slides(IN_GAOSUNTANG), area=GAOSUNTANG)
    point_id = entered(sessions, longitude=IN_GAOSUNTANG.x + 150 / 95_600, evidence="possible")
    search(planner)
    row = only(sessions)
    with unit_of_work(sessions, Scope.of(planner)) as session:
        ((point, away),) = service.candidates(session, row)
        assert point.id == point_id
        assert away < 150
        ask = Ask(new_id(), planner, NOW)
        case = service.merge(
            session, proposal_id=row.id, ask=ask, point_id=point_id, seen_version=point.version
        )
        assert case is not None
    with unit_of_work(sessions, SYSTEM) as session:
        cases.carry_through(session, case_id=case.id, by=PROGRAM, now=NOW)
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.get_one(HazardPoint, point_id).evidence == Evidence.HIGH_FREQUENCY
    assert only(sessions).state == State.MERGED
    keep(sessions, [known(IN_GAOSUNTANG, "2025-07-01")], area=GAOSUNTANG)
    assert search(planner)["new"] == 0  # the ledger says so already


def test_what_the_records_no_longer_say_is_outdated_and_may_come_again(sessions, planner, search):
    keep(sessions, slides(IN_GAOSUNTANG), area=GAOSUNTANG)
    search(planner)
    assert search(planner, fewest=7, within_m=5_000)["outdated"] == 0  # history now, still open
    assert only(sessions).evidence == "historical"
    keep(sessions, [known(IN_GAOSUNTANG, "2024-07-01")], area=GAOSUNTANG)
    assert search(planner)["outdated"] == 1
    assert [one.state for one in proposals(sessions)] == ["outdated", "open"]


def test_each_sees_and_decides_only_in_his_area(sessions, planner, search, people):
    keep(sessions, slides(IN_GAOSUNTANG), area=GAOSUNTANG)
    keep(sessions, [known(IN_TAIBAI, "2015-07-01", accuracy_m=1_000)], area=CITY)
    other = people.add(Role.PLANNER, YUNYANG).as_actor()
    watcher = people.add(Role.OBSERVER, WANZHOU).as_actor()
    assert search(planner)["vintage"]["records"] == 7
    assert search(other)["vintage"]["records"] == 0
    row = only(sessions)
    assert proposals(sessions, by=other) == []
    with unit_of_work(sessions, Scope.of(other)) as session, pytest.raises(Missing):
        repository.visible(session, row.id)
    with pytest.raises(Forbidden):
        reject(sessions, watcher, row)
    city = people.add(Role.CITY_COMMANDER, CITY).as_actor()
    assert search(city)["found"] == 2
    assert search(planner)["new"] == 0  # the city holds it open
    assert sorted(one.state for one in proposals(sessions)) == ["open", "open"]


def test_a_decision_is_taken_back_unless_a_case_came_of_it(sessions, planner, search):
    keep(sessions, slides(IN_GAOSUNTANG), area=GAOSUNTANG)
    search(planner)
    reject(sessions, planner, only(sessions))
    take_back(sessions, planner)
    row = only(sessions)
    assert (row.state, row.reason, row.decided_at) == (State.OPEN, None, None)
    with pytest.raises(Conflict):
        take_back(sessions, planner)
    accept(sessions, planner, row)
    with pytest.raises(Conflict):
        take_back(sessions, planner)


def take_back(sessions, by) -> None:
    with unit_of_work(sessions, Scope.of(by)) as session:
        service.take_back(session, proposal_id=only(sessions).id, by=by)
