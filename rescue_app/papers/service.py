"""Verbs of cards: note that they were handed out, and let the ledger be asked to say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit
from hazards.points import service as points
from hazards.points.cases import proposing
from hazards.points.cases.proposing import Ask
from hazards.points.models import HazardPoint
from hazards.points.rules import State
from rescue_app.papers import repository, rules
from rescue_app.papers.models import CardHanded
from rescue_app.papers.repository import Reached
from rescue_app.papers.rules import Holder, Kind, Mark

REACH_M, LEAST_REACH_M, MOST_REACH_M = 300, 50, 2_000
"""How far from a point households get its card, where nobody says otherwise; stated on each."""
MOST_AT_POINT = 500


@dataclass(frozen=True, slots=True)
class Round:
    """Whom the cards of a point are for, and which have been handed out."""

    point: HazardPoint
    homes: Sequence[Reached]
    holders: Sequence[Holder]
    given: Sequence[CardHanded]

    @property
    def complete(self) -> bool:
        """Tell whether everybody known here has a card."""
        return rules.complete(
            households=[one.household.id for one in self.homes],
            names=[one.name for one in self.holders],
            given=[mark_of(one) for one in self.given],
        )


def mark_of(row: CardHanded) -> Mark:
    """Give a row as the rules see it."""
    return Mark(row.id, Kind(row.kind), row.household_id, row.holder)


def holders_of(point: HazardPoint) -> list[Holder]:
    """Give who gets a work card at a point, as the ledger records them."""
    return rules.holders(
        owner=(point.owner_name, point.owner_phone, point.owner_post or point.owner_unit),
        monitoring=(point.monitoring_name, point.monitoring_phone, point.monitoring_post),
        monitors=point.monitors,
    )


def round_of(session: Session, point: HazardPoint, *, reach_m: int = REACH_M) -> Round:
    """Give whom the cards of a point are for, as far as the reader sees them."""
    checked_reach(reach_m)
    homes = repository.reached(session, reach_m=reach_m, most=MOST_AT_POINT, point_id=point.id)
    return Round(point, homes, holders_of(point), repository.given(session, point.id))


def checked_reach(reach_m: int) -> int:
    """Hold that a reach is one that a card can speak of."""
    if not LEAST_REACH_M <= reach_m <= MOST_REACH_M:
        raise Rejected("The reach of a point lies between {least} and {most} metres.",
                       least=LEAST_REACH_M, most=MOST_REACH_M)  # fmt: skip
    return reach_m


def hand_out(
    session: Session,
    *,
    point_id: UUID,
    marks: Sequence[Mark],
    handed_on: date,
    by: Actor,
    now: datetime,
    reach_m: int = REACH_M,
) -> UUID | None:
    """Note cards handed out, each id once; gives the case that asks the ledger to say so, if any.

    It is applied for once everybody known here has a card, and the ledger does not say so yet.
    """
    point = points.visible(session, point_id)
    require(by, Act.EDIT_POINT, point.area_path)
    if not marks:
        raise Rejected("Nobody was chosen. Tick who got a card.")
    rules.checked_day(handed_on, today=day_of(now))
    here = round_of(session, point, reach_m=reach_m)
    _known(here, marks)
    rows = [
        {"id": one.id, "point_id": point.id, "area_path": point.area_path, "kind": one.kind,
         "household_id": one.household_id, "holder": one.holder, "handed_on": handed_on,
         "by_id": by.id, "by_name": by.name, "received_at": now}
        for one in marks
    ]  # fmt: skip
    new = repository.keep(session, rows)
    audit.record(session, act="cards.handed_out", subject=point.id, area_path=point.area_path,
                 count=new)  # fmt: skip
    return _told_to_ledger(session, round_of(session, point, reach_m=reach_m), by=by, now=now)


def _known(here: Round, marks: Sequence[Mark]) -> None:
    homes = {one.household.id for one in here.homes}
    names = {one.name for one in here.holders}
    for one in marks:
        there = one.household_id in homes if one.kind is Kind.REFUGE else one.holder in names
        if not there:
            raise Missing("One of those chosen is not at this point any more. Load the page again.")


def _told_to_ledger(session: Session, here: Round, *, by: Actor, now: datetime) -> UUID | None:
    point = here.point
    if not here.complete or point.cards_given or point.state != State.APPROVED:
        return None
    ask = Ask(rules.case_of(point.id, point.version), by, now)
    try:
        with session.begin_nested():  # what was handed out is kept, whatever the ledger says
            case, new = proposing.change(session, ask=ask, point_id=point.id,
                                         seen_version=point.version,
                                         changes={"cards_given": True})  # fmt: skip
    except Conflict:
        return None
    return case.id if new else None
