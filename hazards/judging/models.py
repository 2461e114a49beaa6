"""Tables of judging: rules with their versions, what stands at each station, and every change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record


class RuleVersion(Record):
    """A rule as it was published; of one code one version is in force."""

    __tablename__ = "judging_rule"
    __table_args__ = (
        Index("uq_judging_rule_code", "code", "version", unique=True),
        Index(
            "uq_judging_rule_in_force",
            "code",
            unique=True,
            postgresql_where=text("in_force"),
        ),
    )

    code: Mapped[str]
    version: Mapped[int]
    definition: Mapped[dict[str, Any]]
    in_force: Mapped[bool]
    shipped: Mapped[bool]
    made_by_name: Mapped[str]


class JudgingStanding(Base):
    """What stands at a station by a rule; only where it is, or was a moment ago, above calm."""

    __tablename__ = "judging_standing"

    point_id: Mapped[UUID] = mapped_column(
        ForeignKey("monitoring_point.id", ondelete="CASCADE"), primary_key=True
    )
    rule_code: Mapped[str] = mapped_column(primary_key=True)
    area_path: Mapped[AreaPath]
    colour: Mapped[str | None]
    since: Mapped[datetime | None]
    rising: Mapped[str | None]
    rising_since: Mapped[datetime | None]
    easing_since: Mapped[datetime | None]


class Judgement(Record):
    """One change of a station's colour: from what to what, by which version, and why."""

    __tablename__ = "judgement"
    __table_args__ = (Index("ix_judgement_point_id_at", "point_id", "at"),)

    point_id: Mapped[UUID] = mapped_column(ForeignKey("monitoring_point.id", ondelete="CASCADE"))
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("judging_rule.id"))
    area_path: Mapped[AreaPath]
    at: Mapped[datetime] = mapped_column(index=True)
    before: Mapped[str | None]
    colour: Mapped[str | None]
    why_zh: Mapped[str]
    why_en: Mapped[str]
    facts: Mapped[dict[str, Any]]
