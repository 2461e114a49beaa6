"""SQL of the evidence: records as statistics see them, searches, proposals, what is decided."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from geoalchemy2 import functions as geo
from shapely import Point
from sqlalchemy import ColumnElement, and_, func, or_, select, text, update
from sqlalchemy.orm import Session

from gis.errors import Missing
from gis.store.base import among
from hazards.events.models import DisasterEvent
from hazards.evidence.backing import FURTHEST_M
from hazards.evidence.models import EvidenceBacking, EvidenceProposal, EvidenceSearch
from hazards.evidence.rules import DECIDED, MAPS, Known, State
from hazards.points.cases.models import LedgerCase
from hazards.points.cases.rules import State as CaseState
from hazards.points.models import HazardPoint, HazardType
from hazards.points.repository import near_query
from hazards.points.rules import Evidence


class Near(NamedTuple):
    """A record and how far from a place it lies."""

    event: DisasterEvent
    distance_m: float


ONE_SEARCH = text("SELECT pg_advisory_xact_lock(hashtext('evidence_search'))")
PAGE_ROWS = 50
SUREST_FIRST = (
    EvidenceProposal.evidence != Evidence.HIGH_FREQUENCY,
    EvidenceProposal.evidence == Evidence.POSSIBLE,
    EvidenceProposal.facts["occurrences"].as_integer().desc(),
    EvidenceProposal.id,
)


def of_family(family: str) -> ColumnElement[bool]:
    """Match records of all kinds of one family: a slide and a rock fall speak of one slope."""
    kinds = select(HazardType.code).where(HazardType.family == family)
    return DisasterEvent.hazard_type.in_(kinds)


def records(session: Session, *, family: str, area_path: str) -> list[Known]:
    """Give the records of a family that surely lie in an area."""
    event = DisasterEvent
    query = select(
        event.id,
        event.source,
        event.source_id,
        event.hazard_type,
        event.happened_at,
        event.time_precision,
        geo.ST_X(event.place),
        geo.ST_Y(event.place),
        event.location_accuracy_m,
    )
    inside = event.area_path.startswith(area_path, autoescape=True)
    return [Known(*row) for row in session.execute(query.where(of_family(family), inside))]


def made_up(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Give those of some records that are synthetic."""
    of = DisasterEvent
    return set(session.scalars(select(of.id).where(of.synthetic, among(of.id, ids))))


def around(session: Session, place: Point, *, family: str, reach_m: float) -> list[Near]:
    """Give the records of a family about a place that are exact enough to speak of it."""
    near = near_query(DisasterEvent, place, within_m=reach_m + FURTHEST_M)
    exact = DisasterEvent.location_accuracy_m <= FURTHEST_M
    rows = session.execute(near.where(exact, of_family(family)))
    return [Near(event, away) for event, away in rows]


def pass_over_vague(session: Session, *, worse_than_m: float) -> None:
    """Note of the records that are too vague for any point that nothing is to be asked of them."""
    of = DisasterEvent
    vague = or_(of.location_accuracy_m.is_(None), of.location_accuracy_m > worse_than_m)
    session.execute(update(of).where(~of.weighed, vague).values(weighed=True))


def unweighed(session: Session, *, most: int) -> Sequence[UUID]:
    """Give records that were not asked yet which points they speak of."""
    query = select(DisasterEvent.id).where(~DisasterEvent.weighed).order_by(DisasterEvent.id)
    return session.scalars(query.limit(most)).all()


def to_weigh(session: Session, event_id: UUID) -> DisasterEvent | None:
    """Take a record that still waits, and note that it is asked now."""
    query = select(DisasterEvent).where(DisasterEvent.id == event_id, ~DisasterEvent.weighed)
    event = session.scalar(query.with_for_update())
    if event is not None:
        event.weighed = True
    return event


def note_backing(session: Session, *, case_id: UUID, event_id: UUID, point: HazardPoint) -> None:
    """Note which record made a point historical."""
    session.add(
        EvidenceBacking(
            case_id=case_id, event_id=event_id, point_id=point.id, area_path=point.area_path
        )
    )


def backings_in_doubt(session: Session) -> Sequence[UUID]:
    """Give the backings in force whose record is gone or waits to be weighed anew."""
    of = EvidenceBacking
    query = select(of.case_id).outerjoin(DisasterEvent, DisasterEvent.id == of.event_id)
    doubt = or_(DisasterEvent.id.is_(None), ~DisasterEvent.weighed)
    return session.scalars(query.where(of.taken_back_at.is_(None), doubt)).all()


def backing(session: Session, case_id: UUID) -> EvidenceBacking | None:
    """Take a backing in force."""
    of = EvidenceBacking
    query = select(of).where(of.case_id == case_id, of.taken_back_at.is_(None))
    return session.scalar(query.with_for_update())


def backings(session: Session, *, event_id: UUID, point_id: UUID) -> Sequence[EvidenceBacking]:
    """Give how often a record made a point historical, the last time last."""
    of = EvidenceBacking
    query = select(of).where(of.event_id == event_id, of.point_id == point_id)
    return session.scalars(query.order_by(of.taken_back_at.asc().nulls_last())).all()


def resting_on_nothing(session: Session) -> Sequence[EvidenceProposal]:
    """Give the open proposals some of whose records are gone."""
    of = EvidenceProposal
    named = func.unnest(of.event_ids).column_valued("event_id")
    there = select(DisasterEvent.id).where(DisasterEvent.id == named).exists()
    gone = select(named).where(~there).exists()
    return session.scalars(select(of).where(of.state == State.OPEN, gone).with_for_update()).all()


def one_at_a_time(session: Session) -> None:
    """Let searches follow each other: two at once would propose a place twice."""
    session.execute(ONE_SEARCH)


def search(session: Session, search_id: UUID) -> EvidenceSearch | None:
    """Give a search the reader may see."""
    return session.get(EvidenceSearch, search_id)


def searches(session: Session, *, limit: int = 10) -> Sequence[EvidenceSearch]:
    """Give the last searches, the newest first; maps of the ground are none."""
    newest = (
        select(EvidenceSearch)
        .where(~EvidenceSearch.method.startswith(MAPS))
        .order_by(EvidenceSearch.at.desc(), EvidenceSearch.id.desc())
    )
    return session.scalars(newest.limit(limit)).all()


def visible(session: Session, proposal_id: UUID, *, lock: bool = False) -> EvidenceProposal:
    """Give a proposal, or say that there is none for this reader."""
    query = select(EvidenceProposal).where(EvidenceProposal.id == proposal_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Missing("There is no such proposal, or it lies outside your area.")
    return found


def undecided(
    session: Session, *, family: str, area_path: str, of_kind: Iterable[Evidence]
) -> Sequence[EvidenceProposal]:
    """Give what searches of this area and those within it found and nobody decided on."""
    of = EvidenceProposal
    query = select(of).where(
        of.family == family,
        of.evidence.in_(list(of_kind)),
        of.state.in_((State.OPEN, State.OUTDATED)),
        of.searched_path.startswith(area_path, autoescape=True),
    )
    return session.scalars(query.with_for_update()).all()


def decided(session: Session, *, family: str) -> list[frozenset[str]]:
    """Give the records of what was decided, and of what a wider search holds open.

    What was accepted counts as long as its case was not withdrawn.
    """
    of = EvidenceProposal
    withdrawn = LedgerCase.state.is_not_distinct_from(CaseState.WITHDRAWN)
    stands = or_(of.state != State.ACCEPTED, ~withdrawn)
    query = select(of.keys).outerjoin(LedgerCase, LedgerCase.id == of.case_id)
    query = query.where(of.family == family, of.state.in_(DECIDED), stands)
    return [frozenset(keys) for keys in session.scalars(query)]


def held_wider(session: Session, *, family: str, area_path: str) -> list[frozenset[str]]:
    """Give the records of what searches of wider areas hold open."""
    of = EvidenceProposal
    wider = and_(func.starts_with(area_path, of.searched_path), of.searched_path != area_path)
    query = select(of.keys).where(of.family == family, of.state == State.OPEN, wider)
    return [frozenset(keys) for keys in session.scalars(query)]


def listing(
    session: Session, *, states: Iterable[State], page: int
) -> tuple[Sequence[EvidenceProposal], dict[str, int]]:
    """Give one page of proposals, the surest first, and how many there are by state."""
    of = EvidenceProposal
    counts = select(of.state, func.count()).group_by(of.state)
    query = select(of).where(of.state.in_(list(states))).order_by(*SUREST_FIRST)
    rows = session.scalars(query.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)).all()
    return rows, {row[0]: row[1] for row in session.execute(counts)}


def placed(session: Session, *, state: State, most: int) -> Sequence[EvidenceProposal]:
    """Give the proposals of a state for a map, the surest first."""
    of = EvidenceProposal
    query = select(of).where(of.state == state).order_by(*SUREST_FIRST)
    return session.scalars(query.limit(most)).all()


def events(session: Session, ids: Sequence[UUID]) -> Sequence[DisasterEvent]:
    """Give the records behind a proposal that the reader may see, the latest first."""
    query = select(DisasterEvent).where(among(DisasterEvent.id, ids))
    return session.scalars(query.order_by(DisasterEvent.happened_at.desc())).all()


def kind(session: Session, code: str) -> HazardType:
    """Give a kind of hazard."""
    return session.get_one(HazardType, code)


def family_of(session: Session, code: str) -> str:
    """Give the family of a kind of hazard."""
    return kind(session, code).family


def families(session: Session) -> list[str]:
    """Give the families of hazards, as the list of kinds has them."""
    query = select(HazardType.family).group_by(HazardType.family)
    return list(session.scalars(query.order_by(func.min(HazardType.position))))
