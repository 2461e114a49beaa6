"""Whom the cards of a point are for, and which of them hang on a wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from gis.errors import Rejected
from hazards.points.models import HazardPoint
from rescue_app.papers import notes, repository, rules
from rescue_app.papers.models import CardHanded
from rescue_app.papers.notes import whose_of
from rescue_app.papers.repository import Reached
from rescue_app.papers.rules import LEAST_REACH_M, MOST_REACH_M, REACH_M, Holder, Kind, Whose

MOST_AT_POINT = 500


@dataclass(frozen=True, slots=True)
class Round:
    """Whom the cards of a point are for, and all that was noted of them, the latest first."""

    point: HazardPoint
    homes: Sequence[Reached]
    holders: Sequence[Holder]
    noted: Sequence[CardHanded]

    @property
    def given(self) -> dict[Whose, CardHanded]:
        """Give the card that each has: the one handed out last."""
        return last_of_each(self.noted)

    @property
    def known(self) -> list[Whose]:
        """Name all that are to have a card."""
        homes = [Whose(Kind.REFUGE, one.household.id) for one in self.homes]
        return homes + [Whose(Kind.WORK, None, one.name) for one in self.holders]

    @property
    def complete(self) -> bool:
        """Tell whether everybody known here has a card."""
        return rules.complete(
            households=[one.household.id for one in self.homes],
            names=[one.name for one in self.holders],
            given=self.given,
        )


def last_of_each(noted: Sequence[CardHanded]) -> dict[Whose, CardHanded]:
    """Give for each who has a card the note of the one handed out last."""
    held = rules.in_force(noted)
    held.sort(key=lambda one: (one.handed_on or date.min, one.received_at, one.id))
    return {whose_of(one): one for one in held}


def holders_of(point: HazardPoint | Row[Any]) -> list[Holder]:
    """Give who gets a work card at a point, as the ledger records them."""
    return rules.holders(
        owner=(point.owner_name, point.owner_phone, point.owner_post or point.owner_unit),
        monitoring=(point.monitoring_name, point.monitoring_phone, point.monitoring_post),
        monitors=point.monitors,
    )


def round_of(session: Session, point: HazardPoint, *, reach_m: int = REACH_M) -> Round:
    """Give whom the cards of a point are for, as far as the reader sees them."""
    checked_reach(reach_m)
    found = repository.pairs(session, reach_m=reach_m, most=MOST_AT_POINT, point_id=point.id)
    homes = repository.reached(session, found)
    return Round(point, homes, holders_of(point), notes.noted(session, point.id))


def checked_reach(reach_m: int) -> int:
    """Hold that a reach is one that a card can speak of."""
    if not LEAST_REACH_M <= reach_m <= MOST_REACH_M:
        raise Rejected("The reach of a point lies between {least} and {most} metres.",
                       least=LEAST_REACH_M, most=MOST_REACH_M)  # fmt: skip
    return reach_m
