"""What may be drawn on the sketch of an incident, and what stands on it at a moment: pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from gis.errors import Rejected

WORDS_LENGTH = 200
MOST_CORNERS = 500
MOST_MARKS = 500
"""How many drawings stand on one sketch: more than a map can show at a distance."""


class MarkKind(StrEnum):
    """What a line of the sketch is: something drawn, or that a drawing is taken away again."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"
    TEXT = "text"
    REMOVED = "removed"


SHAPES = {
    MarkKind.POINT: "Point",
    MarkKind.TEXT: "Point",
    MarkKind.LINE: "LineString",
    MarkKind.POLYGON: "Polygon",
}


@dataclass(frozen=True, slots=True)
class MarkDraft:
    """A drawing as it comes from somebody's page, with a number made there."""

    id: UUID
    kind: MarkKind
    shape: BaseGeometry
    words: str = ""
    done_at: datetime | None = None


class Line(Protocol):
    """A line of the sketch's log, as the rule needs it."""

    @property
    def id(self) -> UUID: ...  # noqa: D102 - named by what it is
    @property
    def removes_id(self) -> UUID | None: ...  # noqa: D102 - as above


L = TypeVar("L", bound=Line)


def standing(log: Collection[L]) -> list[L]:
    """Give what was drawn and not taken away, for any order of arrival."""
    gone = {line.removes_id for line in log}
    return [line for line in log if line.removes_id is None and line.id not in gone]


def checked_mark(draft: MarkDraft) -> MarkDraft:
    """Refuse a shape that is not what it says, and a text without words."""
    words = draft.words.strip()
    if SHAPES.get(draft.kind) != draft.shape.geom_type:
        raise Rejected("Draw a point, a line, an area or a text.")
    if draft.kind is MarkKind.TEXT and not words:
        raise Rejected("Write what the text says.")
    if len(words) > WORDS_LENGTH:
        raise Rejected("A drawing has at most {most} letters.", most=WORDS_LENGTH)
    return replace(draft, words=words)
