"""Table of the photos and voice notes that visits promised."""

from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Record, Shape
from hazards.photos.rules import PHOTO


class VisitPhoto(Record):
    """A photo or a voice note that a visit promised. Its id is also that of its file.

    The visit is an inspection of an asset or an answer at a point; both make their ids themselves.
    `taken_at` is put right by the same error of the clock as the visit; `received_at` is empty
    until the picture itself arrived. `item` is that of the list which asks for it, if any.
    """

    __tablename__ = "visit_photo"

    visit_id: Mapped[UUID] = mapped_column(index=True)
    area_path: Mapped[AreaPath]
    actor_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(default=PHOTO, server_default=PHOTO)
    taken_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    place: Mapped[Point | None] = mapped_column(Shape("POINT", index=False))
    accuracy_m: Mapped[float | None]
    item: Mapped[str] = mapped_column(default="", server_default="")

    @property
    def is_picture(self) -> bool:
        """Tell whether it is to be looked at, not to be heard."""
        return self.kind == PHOTO
