"""What a member's part adds up to: the hop's own rule of times, for one person."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.errors import Conflict, Forbidden, Missing, Rejected
from rescue_app.dispatch.drafts import PartDraft, StepDraft, changed_due, check_ahead, checked_part
from rescue_app.dispatch.rules import (
    GONE,
    TAKEN_ON,
    UNANSWERED,
    HopKind,
    How,
    StepKind,
    checked_step,
)

ON_SITE = frozenset({StepKind.ARRIVED, StepKind.WORKING})
UNDER_WAY = frozenset({StepKind.ACCEPTED, StepKind.MOVING})
BY_HAND = frozenset({How.PHONE, How.RADIO, How.DOOR, How.GONG})
ENDED = (StepKind.DONE, *GONE)


@dataclass(frozen=True, slots=True)
class Tally:
    """The members of a crew (or of an order) in numbers; of what was taken back none is counted."""

    asked: int
    silent: int
    cannot: int
    answered: int
    on_site: int
    done: int


def tally(states: Mapping[str, int]) -> Tally:
    """Sum up members by how far they are; `states` says how many there are of each."""
    live = {StepKind(state): count for state, count in states.items() if state not in GONE}

    def among(*kinds: StepKind) -> int:
        return sum(count for state, count in live.items() if state in kinds)

    return Tally(
        asked=sum(live.values()),
        silent=among(*UNANSWERED),
        cannot=among(StepKind.CANNOT),
        answered=among(*TAKEN_ON),
        on_site=among(*ON_SITE),
        done=among(StepKind.DONE),
    )


def checked_parts(
    parts: Iterable[PartDraft],
    *,
    seated: Collection[UUID],
    busy: Collection[UUID],
    now: datetime,
) -> list[PartDraft]:
    """Refuse parts of people who are not in the crew, or who have one already."""
    wanted = {
        one.member_id: PartDraft(one.member_id, checked_part(one.words), one.due_at)
        for one in parts
    }
    if not wanted:
        raise Rejected("Choose at least one member of the crew.")
    if not wanted.keys() <= set(seated):
        raise Missing("One of the chosen has no seat in this crew. Reload the page.")
    if wanted.keys() & set(busy):
        raise Conflict("One of the chosen has a part already. Take it back first.")
    check_ahead(*(one.due_at for one in wanted.values()), now=now)
    return list(wanted.values())


def changed_part(old: PartDraft, new: PartDraft, *, now: datetime) -> PartDraft:
    """Refuse a change of a part that changes nothing."""
    due_at = changed_due(old.due_at, new.due_at, now=now)
    told = PartDraft(old.member_id, checked_part(new.words), due_at)
    if told == old:
        raise Rejected("Nothing is changed yet. Change what he does or by when.")
    return told


def checked_word(step: StepDraft, *, about_change: bool) -> str:
    """Refuse what no member says, and a word entered for him that does not say how it came."""
    if step.entered_by is not None and step.how not in BY_HAND:
        raise Forbidden("He answers for himself. If his word reached you, say how.")
    if step.offer is not None:
        raise Rejected("A member says why he cannot; his leader proposes another one.")
    return checked_step(step.kind, holder=HopKind.CREW, note=step.note, about_change=about_change)
