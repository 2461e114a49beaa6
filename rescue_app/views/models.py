"""Table of kept views: what stands in the map's address, under a name."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Record


class SavedView(Record):
    """One view of one person. Shared, it is offered to those of the area, and never more shown."""

    __tablename__ = "saved_view"

    name: Mapped[str]
    address: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[UUID] = mapped_column(index=True)
    owner_name: Mapped[str]
    area_path: Mapped[AreaPath]
