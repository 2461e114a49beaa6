"""What a planner makes of a proposal: a new point's case, a change of a known point, or no.

Nothing here enters the ledger: accepting and merging make a case, which goes its usual way.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from hazards.evidence import repository, rules, telling
from hazards.evidence.models import EvidenceProposal
from hazards.evidence.rules import State
from hazards.points import repository as points
from hazards.points.cases import drafting, proposing
from hazards.points.cases import repository as cases
from hazards.points.cases.models import LedgerCase
from hazards.points.cases.proposing import Ask
from hazards.points.facts import Facts
from hazards.points.models import HazardPoint
from hazards.points.rules import Category, Evidence
from hazards.points.rules import State as Standing

NEAR_M = 2_000
WEIGHT = (Evidence.POSSIBLE, Evidence.HISTORICAL, Evidence.HIGH_FREQUENCY)
"""The kinds of evidence, each says more than the one before."""


def accept(
    session: Session, *, proposal_id: UUID, ask: Ask, name: str, category: Category
) -> LedgerCase:
    """Apply for a new point at the proposed place; the same case id again is the same case."""
    row = repository.visible(session, proposal_id, lock=True)
    if row.case_id == ask.case_id:
        return cases.visible(session, ask.case_id)
    rules.checked_spot(Evidence(row.evidence), row.facts["accuracy_m"])
    decide(session, row, State.ACCEPTED, by=ask.by, now=ask.now)
    facts = Facts(
        category=category,
        evidence=Evidence(row.evidence),
        hazard_type=row.hazard_type,
        name=name,
        place=row.place,
    )
    case, _ = proposing.enter(session, ask=ask, point_id=ask.case_id, facts=facts)
    row.case_id, row.point_id = case.id, ask.case_id
    tell(session, row, case=case.id)
    return case


def merge(
    session: Session, *, proposal_id: UUID, ask: Ask, point_id: UUID, seen_version: int
) -> LedgerCase | None:
    """Let the records speak for a point of the ledger; a case only if it gains evidence by it."""
    row = repository.visible(session, proposal_id, lock=True)
    if row.state == State.MERGED and row.point_id == point_id:
        return None
    decide(session, row, State.MERGED, by=ask.by, now=ask.now)
    point = drafting.current(session, point_id, seen_version=seen_version, by=ask.by)
    case = None
    if gains(point, Evidence(row.evidence)):
        changes: dict[str, object] = {"evidence": Evidence(row.evidence)}
        case, _ = proposing.change(
            session, ask=ask, point_id=point_id, seen_version=seen_version, changes=changes
        )
        row.case_id = case.id
    row.point_id = point_id
    tell(session, row, point=point_id)
    return case


def reject(
    session: Session, *, proposal_id: UUID, reason: str, by: Actor, now: datetime
) -> EvidenceProposal:
    """Say that this is no point, and why; it stays away as long as its records stay the same."""
    row = repository.visible(session, proposal_id, lock=True)
    decide(session, row, State.REJECTED, by=by, now=now)
    row.reason = rules.checked_reason(reason)
    tell(session, row)
    return row


def take_back(session: Session, *, proposal_id: UUID, by: Actor) -> EvidenceProposal:
    """Open a proposal anew that was decided by mistake; the log keeps what was decided."""
    row = repository.visible(session, proposal_id, lock=True)
    require(by, Act.EDIT_POINT, row.area_path)
    row.state = rules.taken_back(State(row.state), has_case=row.case_id is not None)
    undone = {"decided_by": row.decided_by_name, "reason": row.reason}
    row.decided_at = row.decided_by = row.decided_by_name = row.reason = row.point_id = None
    telling.say(session, row, "taken_back", row.area_path, **undone)
    return row


def decide(
    session: Session, row: EvidenceProposal, state: State, *, by: Actor, now: datetime
) -> None:
    """Note who decided what; whoever comes second is told."""
    require(by, Act.EDIT_POINT, row.area_path)
    row.state = rules.next_state(State(row.state), state)
    row.decided_at, row.decided_by, row.decided_by_name = now, by.id, by.name
    session.flush()  # what follows may look for open proposals


def gains(point: HazardPoint, evidence: Evidence) -> bool:
    """Tell whether a kind of evidence says more of a point than the ledger does."""
    return WEIGHT.index(evidence) > WEIGHT.index(Evidence(point.evidence))


def candidates(session: Session, row: EvidenceProposal) -> list[tuple[HazardPoint, float]]:
    """Give the points of the ledger that the records may speak for, the nearest first."""
    near = points.near(session, row.place, within_m=reach_m(row), limit=50)
    return [
        (point, away)
        for point, away in near
        if point.state == Standing.APPROVED
        and repository.family_of(session, point.hazard_type) == row.family
    ][:10]


def reach_m(row: EvidenceProposal) -> float:
    """Tell how far from its place the point may lie that the records speak of."""
    return max(NEAR_M, float(row.facts["accuracy_m"]))


def tell(session: Session, row: EvidenceProposal, **facts: object) -> None:
    """Tell the audit log and live pages what became of it."""
    telling.say(session, row, str(row.state), row.area_path, **facts)
