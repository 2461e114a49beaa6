"""What the page of a point's cards shows: who has which, which are too old, what was noted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, may
from gis.store.base import new_id
from hazards.points.models import HazardPoint
from rescue_app.papers import notes, repository, rules, service
from rescue_app.papers.asked import Asked
from rescue_app.papers.models import CardHanded
from rescue_app.papers.rules import Standing, Whose
from rescue_app.papers.service import Round
from rescue_app.web import paper_gathering


@dataclass(frozen=True, slots=True)
class Given:
    """A card in somebody's hands, and how it stands to what the records say now."""

    note: CardHanded
    standing: Standing


@dataclass(frozen=True, slots=True)
class Line:
    """A line of what was noted; `correctable` while nobody corrected it."""

    note: CardHanded
    name: str
    corrected_by: CardHanded | None

    @property
    def correctable(self) -> bool:
        """Tell whether it still holds."""
        return self.corrected_by is None and self.note.handed_on is not None


def gathered(
    db: Session, point: HazardPoint, asked: Asked, *, who: Actor, now: datetime
) -> dict[str, Any]:
    """Gather whom the cards are for, each with a fresh id for a mark, and who has one."""
    here = service.round_of(db, point, reach_m=asked.reach_m)
    given = compared(db, here, asked, now)
    known = set(here.known)
    return {
        "point": point, "round": here, "reach_m": asked.reach_m, "today": day_of(now),
        "given": given, "new_id": new_id, "lines": lines(db, here.noted),
        "gone": [one for whose, one in given.items() if whose not in known],
        "homes_given": {key.household_id: one for key, one in given.items() if key.household_id},
        "names_given": {key.holder: one for key, one in given.items() if key.holder},
        "old": Counter(key.kind for key, one in given.items()
                       if key in known and one.standing != Standing.CURRENT),
        "may_print": may(who, Act.EDIT_POINT, point.area_path),
    }  # fmt: skip


def compared(db: Session, here: Round, asked: Asked, now: datetime) -> dict[Whose, Given]:
    """Compare the cards that people have with what each would say now, for the same reach."""
    held = here.given
    reaches = {one.reach_m or asked.reach_m for one in held.values()}
    states = {
        (reach_m, sheet.whose): sheet.state
        for reach_m in reaches
        for sheet in paper_gathering.at_point(db, replace(asked, reach_m=reach_m), now=now)
    }
    return {
        whose: Given(one, rules.standing(
            one.state, states.get((one.reach_m or asked.reach_m, whose))))
        for whose, one in held.items()
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """Cards that somebody noted at once: as handed out, or as a correction with its reason."""

    at: datetime
    by_name: str
    kind: str
    handed_on: date | None
    reason: str
    was: date | None
    count: int


def days(db: Session, point_id: UUID) -> list[Day]:
    """Tell for the ledger's history what was noted, the latest first; nobody is named."""
    noted = notes.noted(db, point_id)
    by_id = {one.id: one for one in noted}
    told = Counter(
        (one.received_at, one.by_name, one.kind, one.handed_on, one.reason,
         by_id[one.corrects].handed_on if one.corrects else None)
        for one in noted
    )  # fmt: skip
    return [Day(*said, count) for said, count in told.items()]


def lines(db: Session, noted: Sequence[CardHanded]) -> list[Line]:
    """Tell all that was noted, the latest first; a household's name only to whoever sees it."""
    homes = repository.homes_of(db, {one.household_id for one in noted if one.household_id})
    correctors = {one.corrects: one for one in noted if one.corrects}
    return [Line(one, _name(one, homes), correctors.get(one.id)) for one in noted]


def _name(note: CardHanded, homes: Mapping[Any, Any]) -> str:
    home = homes.get(note.household_id)
    return note.holder or (home.head if home else "")
