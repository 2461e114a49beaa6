"""What an incident has to say, when two are perhaps one, and what may be joined: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shapely import MultiPolygon, Point

from gis.errors import Conflict, Rejected

GRADES = ("I", "II", "III", "IV")
SOURCES = ("report", "alert", "sensor", "resident", "finding")
MACHINES = frozenset({"alert", "sensor"})
"""Sources that nobody can ask whether it is the same: what is alike joins by itself."""
TITLE_LENGTH = 200
NOTE_LENGTH = 500
# Whose clock runs ahead has not told of something in the future.
EARLY = timedelta(minutes=10)


class StepKind(StrEnum):
    """What can happen to an incident."""

    OPENED = "opened"
    TOLD = "told"
    GRADED = "graded"
    MERGED = "merged"
    TOOK_IN = "took_in"
    PARTED = "parted"
    GAVE_BACK = "gave_back"
    SPLIT_OFF = "split_off"
    CAME_FROM = "came_from"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """An incident as its reporter writes it; the id is made by his device.

    `source_ref` is the finding, report or alert it came from: the same one again is the same
    incident. `told_by` is who brought the word, with a number to call back.
    """

    id: UUID
    hazard_type: str
    title: str
    place: Point
    grade: str | None = None
    source: str = "report"
    is_drill: bool = False
    extent: MultiPolygon | None = None
    source_ref: UUID | None = None
    told_by: str = ""
    happened_at: datetime | None = None
    split_from: UUID | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """An open incident near a place, and how far from it."""

    id: UUID
    family: str
    away_m: float
    happened_at: datetime
    is_drill: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near in place and time two incidents of one family are perhaps one."""

    within_m: float
    within: timedelta


def checked(draft: IncidentDraft) -> IncidentDraft:
    """Refuse a draft that nobody could act on."""
    if not draft.title.strip():
        raise Rejected("Say in a few words what happened.")
    if len(draft.title) > TITLE_LENGTH:
        raise Rejected(
            "The title is longer than {limit} characters. Shorten it.", limit=TITLE_LENGTH
        )
    if draft.extent is not None and not draft.extent.intersects(draft.place):
        raise Rejected(
            "The place lies outside the drawn area. Move it inside, draw the area over it, "
            "or leave longitude and latitude empty: a place inside is taken then."
        )
    if draft.grade is not None and draft.grade not in GRADES:
        raise Rejected("The grade is one of I, II, III and IV.")
    if draft.source not in SOURCES:
        raise Rejected("Choose where the report came from.")
    if len(draft.told_by) > TITLE_LENGTH:
        raise Rejected("Name whoever told it in fewer words.")
    return draft


def begun_at(said: datetime | None, *, now: datetime) -> datetime:
    """Give when it happened: as told, never later than now."""
    if said is None:
        return now
    if said > now + EARLY:
        raise Rejected("This time lies ahead. Say when it happened, or leave it empty.")
    return min(said, now)


def alike(
    known: Iterable[Known], *, family: str, at: datetime, is_drill: bool, limits: Likeness
) -> list[UUID]:
    """Name what a new incident is perhaps the same as, the nearest first.

    A drill is never the same as the real thing.
    """
    near = [
        one
        for one in known
        if (one.family, one.is_drill) == (family, is_drill)
        and one.away_m <= limits.within_m
        and abs(at - one.happened_at) <= limits.within
    ]
    return [one.id for one in sorted(near, key=lambda one: (one.away_m, one.happened_at))]


def graver(first: str | None, second: str | None) -> str | None:
    """Give the graver of two grades."""
    said = [grade for grade in (first, second) if grade is not None]
    return min(said, key=GRADES.index, default=None)


def by_deaths(deaths: int | None) -> str | None:
    """Give the least grade that so many deaths mean; without a death none."""
    if not deaths:
        return None
    return next(g for g, least in zip(GRADES, (30, 10, 3, 1), strict=True) if deaths >= least)


@dataclass(frozen=True, slots=True)
class Joined:
    """What matters of an incident that is to be joined with another."""

    id: UUID
    merged_into: UUID | None
    closed: bool
    is_drill: bool


def check_join(own: Joined, into: Joined) -> None:
    """Refuse what would join an incident to itself, in a ring, or a drill to the real thing."""
    if own.id == into.id:
        raise Rejected("An incident cannot be joined with itself. Choose another one.")
    if own.merged_into not in (None, into.id):
        raise Conflict("This incident is joined with another one already. Take it apart first.")
    if into.merged_into is not None:
        raise Conflict("The chosen incident is joined with another one. Choose that one.")
    if into.closed:
        raise Conflict("The chosen incident is over. Open it again first.")
    if own.is_drill != into.is_drill:
        raise Rejected("A drill is never joined with what really happened.")


def noted(note: str) -> str:
    """Cut a note to what a line of the log holds."""
    return note.strip()[:NOTE_LENGTH]
