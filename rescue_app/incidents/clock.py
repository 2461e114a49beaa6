"""Which report is owed next and by when; what a report has to say: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gis.areas.rules import AreaLevel
from gis.errors import Conflict, Rejected

TEXT_LENGTH = 2_000
MOST = 10_000_000
TEXTS = ("source", "place", "nature", "extent", "trend", "leaders", "measures", "requests")
COUNTS = ("deaths", "missing", "injured", "trapped", "moved", "homes", "loss_10k_yuan")
NOT_GRADED = "none"
LEVELS = (AreaLevel.CITY, AreaLevel.DISTRICT)


class ReportKind(StrEnum):
    """Of a row of reports the first, those after it, and the last: 首报, 续报, 终报."""

    FIRST = "first"
    FOLLOW_UP = "follow_up"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Limits:
    """Minutes for each report of a grade; `up_to` is the highest level that reads it."""

    first_min: int
    follow_up_min: int
    final_min: int
    up_to: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the clock has to know of an incident."""

    opened_at: datetime
    closed_at: datetime | None = None
    merged: bool = False
    last: ReportKind | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """The report that is owed next, and by when."""

    kind: ReportKind
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report as its sender writes it; the id is made with the form."""

    id: UUID
    is_final: bool = False
    grade: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int | None] = field(default_factory=dict)


def owed(told: Told, limits: Limits) -> Owed | None:
    """Give what is owed next: a first report, the next one, the final one after the end."""
    if told.merged or told.last is ReportKind.FINAL:
        return None
    if told.last is None or told.last_at is None:
        due_at = told.opened_at + timedelta(minutes=limits.first_min)
        return Owed(ReportKind.FIRST, due_at)
    if told.closed_at is not None:
        return Owed(ReportKind.FINAL, told.closed_at + timedelta(minutes=limits.final_min))
    due_at = told.last_at + timedelta(minutes=limits.follow_up_min)
    return Owed(ReportKind.FOLLOW_UP, due_at)


def kind_of(draft: ReportDraft, last: ReportKind | None) -> ReportKind:
    """Tell what a report is; after the final one only its correction, another final one, comes."""
    if draft.is_final:
        return ReportKind.FINAL
    if last is ReportKind.FINAL:
        raise Conflict("The final report is sent. What is to be mended goes out as a final one.")
    return ReportKind.FIRST if last is None else ReportKind.FOLLOW_UP


def checked(draft: ReportDraft) -> ReportDraft:
    """Refuse a report that says nothing or what cannot be."""
    texts = {name: draft.texts.get(name, "").strip() for name in TEXTS}
    if not texts["place"] or not texts["nature"]:
        raise Rejected("Say at least where it is and what it is.")
    if any(len(said) > TEXT_LENGTH for said in texts.values()):
        raise Rejected("A part of the report is longer than {limit} characters. Shorten it.",
                       limit=TEXT_LENGTH)  # fmt: skip
    counts = {name: draft.counts.get(name) for name in COUNTS}
    if any(count is not None and not 0 <= count <= MOST for count in counts.values()):
        raise Rejected("A number of the report cannot be. Correct it, or leave it empty.")
    return replace(draft, texts=texts, counts=counts)


def readers(from_path: str, up_to: str) -> list[str]:
    """Give the centres above a sender to whom his report goes, the nearest first."""
    codes = [code for code in from_path.split("/") if code]
    highest = LEVELS.index(AreaLevel(up_to)) + 1
    above = range(len(codes) - 1, highest - 1, -1)
    return ["/" + "/".join(codes[:count]) + "/" for count in above]
