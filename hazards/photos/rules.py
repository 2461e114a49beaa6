"""A photo or a voice note as a visit tells of it, before it has come itself: pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shapely import Point

PHOTO, VOICE = "photo", "voice"
MOST = 12
"""Photos and voice notes of one visit."""


@dataclass(frozen=True, slots=True)
class Promised:
    """What is to come: `item` is that of the list which asks for it, if any."""

    id: UUID
    taken_at: datetime
    place: Point | None = None
    accuracy_m: float | None = None
    kind: str = PHOTO
    item: str = ""
