"""Tables of response levels, of the kinds of plans, and of the mode that follows a level."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record


class PlanType(Base):
    """A kind of response plan, and the hazards whose incidents it answers."""

    __tablename__ = "plan_type"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    hazards: Mapped[list[str]] = mapped_column(ARRAY(Text))


class LevelMode(Base):
    """The mode that a level puts its district into; the city's to set."""

    __tablename__ = "level_mode"

    level: Mapped[str] = mapped_column(primary_key=True)
    mode: Mapped[str]
    changed_by_name: Mapped[str]


class ResponseLevel(Record):
    """One level of one kind of plan in one district; the database refuses two at a time."""

    __tablename__ = "response_level"
    __table_args__ = (
        ExcludeConstraint(
            ("area_path", "="),
            ("plan_type", "="),
            ("period", "&&"),
            name="one_level_at_a_time",
            using="gist",
        ),
    )

    area_path: Mapped[AreaPath]
    plan_type: Mapped[str] = mapped_column(ForeignKey("plan_type.code"))
    level: Mapped[str]
    period: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    ground: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    incident_id: Mapped[UUID | None] = mapped_column(ForeignKey("incident.id"), index=True)
    end_ground: Mapped[str | None]
    ended_by_name: Mapped[str | None]
    synthetic: Mapped[bool] = mapped_column(default=False)

    @property
    def since(self) -> datetime | None:
        """When it took hold."""
        return self.period.lower

    @property
    def until(self) -> datetime | None:
        """When it ended or was changed; empty while it is in force."""
        return self.period.upper
