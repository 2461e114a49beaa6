"""What a traffic plan and a closure may say: pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shapely import LineString, Point

from gis.errors import Rejected
from hazards.checklists.rules import bounded

MOST_STOPS = 12
MOST_PLACES = 500
FARTHEST = timedelta(days=3_660)
LONGEST_NAME = 60
LONGEST_WORDS = 500
LONGEST_PHONE = 22


@dataclass(frozen=True, slots=True)
class Stop:
    """A place at which the way is closed."""

    place: Point
    name: str


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A traffic plan as its owner enters it."""

    stops: Sequence[Stop]
    detour: LineString | None = None
    words: str = ""
    closer: str = ""
    closer_phone: str = ""


@dataclass(frozen=True, slots=True)
class ClosureDraft:
    """Why something is closed, by which unit, and until when as far as known."""

    reason: str
    unit: str = ""
    expected_at: datetime | None = None


def checked_plan(draft: PlanDraft) -> PlanDraft:
    """Give the plan tidied, or say what is missing."""
    if not draft.stops:
        raise Rejected("Mark at least one place at which the way is closed.")
    if len(draft.stops) > MOST_STOPS:
        raise Rejected("A plan has at most {most} closure points.", most=MOST_STOPS)
    if draft.detour is not None and len(draft.detour.coords) > MOST_PLACES:
        raise Rejected("A detour has at most {most} places.", most=MOST_PLACES)
    stops = [Stop(one.place, bounded(one.name, most=LONGEST_NAME)) for one in draft.stops]
    return PlanDraft(
        stops=stops,
        detour=draft.detour,
        words=bounded(draft.words, most=LONGEST_WORDS),
        closer=bounded(draft.closer, most=LONGEST_NAME),
        closer_phone=bounded(draft.closer_phone, most=LONGEST_PHONE),
    )


def checked_closure(draft: ClosureDraft, *, now: datetime) -> ClosureDraft:
    """Give the closure tidied; whoever stands before it reads why."""
    reason = bounded(draft.reason, most=LONGEST_WORDS)
    if not reason:
        raise Rejected("Say why it is closed: whoever stands before it reads it.")
    if draft.expected_at is not None and draft.expected_at <= now:
        raise Rejected("The expected reopening has to lie ahead. Leave it empty if nobody knows.")
    if draft.expected_at is not None and draft.expected_at > now + FARTHEST:
        raise Rejected("The expected reopening is more than ten years away. Check its year.")
    return replace(draft, reason=reason, unit=bounded(draft.unit, most=LONGEST_NAME))
