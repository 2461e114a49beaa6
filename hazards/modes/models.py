"""Table of modes: a row holds from a moment to a moment in one area and below it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Record


class AreaMode(Record):
    """One mode of one area; the database itself refuses two at the same time."""

    __tablename__ = "area_mode"
    __table_args__ = (
        ExcludeConstraint(
            ("area_path", "="), ("period", "&&"), name="one_mode_at_a_time", using="gist"
        ),
    )

    area_path: Mapped[AreaPath]
    mode: Mapped[str]
    period: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    reason: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    level_id: Mapped[UUID | None]
    """The response level that it follows; empty where somebody set it by hand."""
    synthetic: Mapped[bool] = mapped_column(default=False)

    @property
    def since(self) -> datetime | None:
        """When it took hold."""
        return self.period.lower

    @property
    def until(self) -> datetime | None:
        """When it ended; empty while it is in force."""
        return self.period.upper
