"""Which crew fits an action, how long it takes there, and what is left to issue. Pure."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from gis.errors import Rejected
from rescue_app.dispatch.checklist import MOST_ITEMS, is_long
from rescue_app.dispatch.drafts import WHAT_LENGTH
from rescue_app.plans.rules import Action

ADDED = "added_"
"""An action that the commander wrote himself has this before its number."""
LONGEST_MIN = 10_080
MOST_ACTIONS = 60
SHOWN_FITS = 6


class Basis(StrEnum):
    """What a travel time rests on; the page says which."""

    ROAD = "road"
    STRAIGHT = "straight"


@dataclass(frozen=True, slots=True)
class Terms:
    """What this installation reckons with: `factor` makes a straight line a way in this terrain."""

    factor: float
    kmh: float
    busy_min: float

    def straight_s(self, metres: float) -> float:
        """Give the seconds of a straight line over this terrain."""
        return metres * self.factor / self.kmh * 3.6


@dataclass(frozen=True, slots=True)
class Crew:
    """A crew as it stands: what it can do and carries, orders in hand, how far it is.

    `drive_s` is the time on the road graph, where there is one that leads there.
    """

    id: UUID
    name: str
    name_en: str
    area_path: str
    abilities: frozenset[str]
    on_duty: bool
    load: int
    metres: float | None
    drive_s: float | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A crew beside an action: what it lacks, how long it needs, what it has in hand by then."""

    crew: Crew
    lacks: tuple[str, ...]
    load: int
    seconds: float | None
    basis: Basis

    @property
    def ready(self) -> bool:
        """Tell whether it could be sent: able, on duty, and somewhere."""
        return not self.lacks and self.crew.on_duty and self.seconds is not None


def fits(
    crews: Iterable[Crew], needs: Collection[str], *, given: Mapping[UUID, int], terms: Terms
) -> list[Fit]:
    """Put crews in the order in which they would be sent.

    Able before unable, on duty before off; then whoever is there first, each order in hand (and
    each that this very proposal has already given it) counting as so many minutes of way.
    """
    found = [_fit(crew, needs, given.get(crew.id, 0), terms) for crew in crews]
    return sorted(found, key=lambda fit: _order(fit, terms))


def _fit(crew: Crew, needs: Collection[str], given: int, terms: Terms) -> Fit:
    lacks = tuple(sorted(code for code in needs if code not in crew.abilities))
    if crew.drive_s is not None:
        return Fit(crew, lacks, crew.load + given, crew.drive_s, Basis.ROAD)
    seconds = None if crew.metres is None else terms.straight_s(crew.metres)
    return Fit(crew, lacks, crew.load + given, seconds, Basis.STRAIGHT)


def _order(fit: Fit, terms: Terms) -> tuple[int, bool, bool, float, str]:
    nowhere = fit.seconds is None
    cost = (fit.seconds or 0) + fit.load * terms.busy_min * 60
    return len(fit.lacks), not fit.crew.on_duty, nowhere, cost, str(fit.crew.id)


@dataclass(frozen=True, slots=True)
class Line:
    """One proposed action: the crew that would go first, and who else could."""

    action: Action
    chosen: Fit | None
    fits: tuple[Fit, ...]


def lines(
    actions: Sequence[Action], crews: Sequence[Crew], *, issued: Collection[str], terms: Terms
) -> list[Line]:
    """Propose what is not issued yet, in the plan's order; no crew is given all of it."""
    given: dict[UUID, int] = {}
    proposed: list[Line] = []
    for action in actions:
        if action.code in issued:
            continue
        found = fits(crews, action.crew, given=given, terms=terms) if action.crew else []
        chosen = next((fit for fit in found[:1] if fit.ready), None)
        if chosen is not None:
            given[chosen.crew.id] = given.get(chosen.crew.id, 0) + 1
        proposed.append(Line(action, chosen, tuple(found[:SHOWN_FITS])))
    return proposed


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """One action as the commander lets it go: words, minutes, and who gets it."""

    code: str
    step: str
    what: str
    within_min: int
    targets: tuple[str, ...]
    items: tuple[str, ...] | None = None
    """What is ticked on site as the commander left it; nothing said, it is the plan's."""
    proposed: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class BatchDraft:
    """All that one tap issues. `seen` are the issues that stood on the commander's page."""

    id: UUID
    incident_id: UUID
    district_path: str
    level: str
    plan_type: str
    plan_version: int | None
    urgency: str
    where: str
    actions: tuple[ActionDraft, ...]
    left_out: tuple[str, ...] = ()
    seen: frozenset[UUID] = frozenset()

    @property
    def fingerprint(self) -> str:
        """Tell a second press of the same from another one under its number."""
        told = (
            *(str(self.incident_id), self.district_path, self.level, self.plan_type),
            *(self.plan_version, self.urgency, self.where.strip()),
            [
                (a.code, a.what.strip(), a.within_min, sorted(a.targets), a.items)
                for a in self.actions
            ],
        )
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def checked(draft: BatchDraft) -> BatchDraft:
    """Refuse what nobody could act on, naming the action."""
    if not draft.actions:
        raise Rejected("Nothing is chosen. Tick at least one action.")
    if len(draft.actions) > MOST_ACTIONS:
        raise Rejected("More than {most} actions are too many for one tap.", most=MOST_ACTIONS)
    if len({action.code for action in draft.actions}) < len(draft.actions):
        raise Rejected("The form did not arrive whole. Reload the page and try again.")
    for number, action in enumerate(draft.actions, start=1):
        if not action.what.strip():
            raise Rejected("Action {number} says nothing. Write what is to be done.", number=number)
        if len(action.what.strip()) > WHAT_LENGTH:
            raise Rejected("Action {number} is too long to be read in the rain. Shorten it.",
                           number=number)  # fmt: skip
        if not action.targets:
            raise Rejected(
                "Nobody gets “{what}”. Choose a unit or a crew, or leave it out.",
                what=action.what.strip(),
            )
        if not 1 <= action.within_min <= LONGEST_MIN:
            raise Rejected("Action {number} needs its minutes, digits only.", number=number)
        items = action.items or ()
        if len(items) > MOST_ITEMS or any(is_long(item) for item in items):
            raise Rejected(
                "The checklist of action {number} has more than {most} items, or one too long "
                "to be read in the rain. Shorten it.",
                number=number, most=MOST_ITEMS,
            )  # fmt: skip
    return draft


def standing_level(held: Sequence[str], *, grade: str | None, asked: str | None) -> str:
    """Give the level to propose for: as asked, as in force, as the incident is graded, else IV."""
    return asked or min(held, default=None) or grade or "IV"
