"""What a crew tells from its site, and when its silence there is an alarm: pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shapely import Point

from gis.errors import Rejected
from rescue_app.dispatch.rules import StepKind

WORDS_LENGTH = 500
MOST_MOVED = 1_000_000
MOST_FILES = 20
UNDER_WAY = frozenset({StepKind.ACCEPTED, StepKind.MOVING})
ON_SITE = frozenset({StepKind.ARRIVED, StepKind.WORKING})


class ReportKind(StrEnum):
    """How it stands, people moved, a call for support, or danger: 报告, 转移, 求援, 撤."""

    SITUATION = "situation"
    MOVED = "moved"
    SUPPORT = "support"
    DANGER = "danger"


RINGS = frozenset({ReportKind.SUPPORT, ReportKind.DANGER})
"""What calls those above; the rest is read by whoever looks."""


class Need(StrEnum):
    """What support is asked for: 人员, 物资, 医疗, 断电."""

    PEOPLE = "people"
    MATERIAL = "material"
    MEDICAL = "medical"
    POWER_OFF = "power_off"


NEEDS = {
    Need.PEOPLE: ("增派人员", "people"),
    Need.MATERIAL: ("物资", "material"),
    Need.MEDICAL: ("医疗救护", "medical help"),
    Need.POWER_OFF: ("切断电源", "power off"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A position as a phone measured it: EPSG:4326, its accuracy in metres, when."""

    place: Point
    accuracy_m: float
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report as the crew's phone sends it; the id is made there, before there is a line."""

    id: UUID
    kind: ReportKind
    words: str = ""
    need: Need | None = None
    people_moved: int | None = None
    place: Point | None = None
    done_at: datetime | None = None
    file_ids: tuple[UUID, ...] = field(default=())
    promised: int = 0
    """How many photos follow by themselves when there is a line for them."""


@dataclass(frozen=True, slots=True)
class Tick:
    """An item of the checklist that somebody of the crew ticked, or took the tick back."""

    id: UUID
    item: int
    ticked: bool
    done_at: datetime
    by_name: str = ""


def ticked(log: Iterable[Tick]) -> dict[int, Tick]:
    """Give the items that are done, each by who ticked it first since it was last taken back."""
    done: dict[int, Tick] = {}
    for line in sorted(set(log), key=lambda line: (line.done_at, line.id)):
        if line.ticked:
            done.setdefault(line.item, line)
        else:
            done.pop(line.item, None)
    return dict(sorted(done.items()))


def checked_tick(tick: Tick, *, items: int) -> Tick:
    """Refuse an item that the order does not have."""
    if not 0 <= tick.item < items:
        raise Rejected("The checklist of this order has no such item. Reload the page.")
    return tick


def checked_report(draft: ReportDraft) -> ReportDraft:
    """Refuse a report that tells nothing; what is told is never refused for how it is told."""
    words = draft.words.strip()[:WORDS_LENGTH]
    if draft.kind is ReportKind.SUPPORT and draft.need is None:
        raise Rejected("Say what you need: people, material, medical help or power off.")
    moved = draft.people_moved
    if draft.kind is ReportKind.MOVED and (moved is None or not 0 < moved <= MOST_MOVED):
        raise Rejected("Say how many people were moved.")
    if draft.kind is ReportKind.SITUATION and not (words or draft.file_ids or draft.promised):
        raise Rejected("Write a word, or take a photo.")
    if len(draft.file_ids) > MOST_FILES:
        raise Rejected("A report takes at most {most} photos. Send the others with another one.",
                       most=MOST_FILES)  # fmt: skip
    need = draft.need if draft.kind is ReportKind.SUPPORT else None
    return replace(draft, words=words, need=need,
                   people_moved=moved if draft.kind is ReportKind.MOVED else None)  # fmt: skip


def check_in_due(state: StepKind, last_word_at: datetime, *, every: timedelta) -> datetime | None:
    """Say by when a crew has to be heard of again; off the site nobody is waited for."""
    return last_word_at + every if state in ON_SITE else None
