"""Tables of units, members and crews, and of who is responsible for what."""

from datetime import date, datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gis.store.base import AreaPath, Base, Record, Shape


class Unit(Record):
    """A command centre, a department or a crew base, in the area it answers for."""

    __tablename__ = "unit"
    __table_args__ = (Index("ix_unit_kind_area_path", "kind", "area_path"),)

    name: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[str]
    level: Mapped[str]
    area_path: Mapped[AreaPath]
    phone: Mapped[str]
    place: Mapped[Point | None] = mapped_column(Shape("POINT"))
    synthetic: Mapped[bool] = mapped_column(default=False)


class Member(Record):
    """A person at a post. Without an account he can be called, but not sign in.

    Rank 0 leads his unit, rank 1 is his deputy: the order in which they are called. From the
    day `until` on he is not there any more.
    """

    __tablename__ = "member"

    name: Mapped[str]
    post: Mapped[str]
    phone: Mapped[str]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    rank: Mapped[int] = mapped_column(default=0, server_default="0")
    area_path: Mapped[AreaPath]
    until: Mapped[date | None]
    synthetic: Mapped[bool] = mapped_column(default=False)


class Crew(Record):
    """People who go to a site together. `on_duty_since` is empty while they are off.

    While they are lent, `lent_path` is the area of whom they work for.
    """

    __tablename__ = "crew"
    __table_args__ = (
        Index("ix_crew_lent_path", "lent_path", postgresql_where=text("lent_path IS NOT NULL")),
    )

    name: Mapped[str]
    name_en: Mapped[str]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    area_path: Mapped[AreaPath]
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text))
    equipment: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    place: Mapped[Point | None] = mapped_column(Shape("POINT"))
    on_duty_since: Mapped[datetime | None]
    lent_path: Mapped[str | None] = mapped_column(Text(collation="C"))
    synthetic: Mapped[bool] = mapped_column(default=False)
    seats: Mapped[list["CrewSeat"]] = relationship(lazy="raise", back_populates="crew")

    @property
    def on_duty(self) -> bool:
        """Tell whether the crew can be sent now."""
        return self.on_duty_since is not None

    @classmethod
    def sent_by(cls, area_path: str) -> ColumnElement[bool]:
        """Crews whom an area's centre may send: its own that are at home, and those lent to it."""
        home = cls.lent_path.is_(None) & cls.area_path.startswith(area_path, autoescape=True)
        return or_(home, cls.lent_path.startswith(area_path, autoescape=True))


class CrewAbility(Base):
    """A word for what crews can do (a skill) or carry (equipment), in both languages."""

    __tablename__ = "crew_ability"

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    changed_by_name: Mapped[str]


class CrewSeat(Base):
    """A member's seat in a crew; one of them leads."""

    __tablename__ = "crew_seat"

    crew_id: Mapped[UUID] = mapped_column(ForeignKey("crew.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    area_path: Mapped[AreaPath]
    leads: Mapped[bool] = mapped_column(default=False)
    crew: Mapped[Crew] = relationship(lazy="raise", back_populates="seats")
    member: Mapped[Member] = relationship(lazy="raise")


class Responsibility(Record):
    """One row of an area's list: which unit leads a kind of matter at a level, from a day on.

    `matter` is a hazard type, a family of hazards, `asset:<type>`, `any` or a free code.
    """

    __tablename__ = "responsibility"
    __table_args__ = (
        UniqueConstraint("area_path", "matter", "category", "level", "valid_from"),
        CheckConstraint("valid_to > valid_from", name="span"),
    )

    area_path: Mapped[AreaPath]
    matter: Mapped[str]
    category: Mapped[str]
    level: Mapped[str]
    lead: Mapped[str]
    helpers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    first_name: Mapped[str]
    first_phone: Mapped[str]
    deputy_name: Mapped[str]
    deputy_phone: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    changed_at: Mapped[datetime]
    changed_by_name: Mapped[str]
    synthetic: Mapped[bool] = mapped_column(default=False)


class DutyTurn(Record):
    """One person's turn of duty at his unit; `until` is planned, `ended_at` is so.

    While a unit has open turns, whoever of it has none is off duty.
    """

    __tablename__ = "duty_turn"
    __table_args__ = (
        Index("ix_duty_turn_unit_id", "unit_id", postgresql_where=text("ended_at IS NULL")),
        Index(
            "ix_duty_turn_member_id",
            "member_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    account_id: Mapped[UUID | None]
    name: Mapped[str]
    area_path: Mapped[AreaPath]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str | None]
    ended_why: Mapped[str] = mapped_column(default="")
    begun_by_name: Mapped[str]


class HandOver(Record):
    """A turn offered to somebody; it passes to him when he himself says yes, not before."""

    __tablename__ = "hand_over"
    __table_args__ = (
        Index(
            "uq_hand_over_turn_id",
            "turn_id",
            unique=True,
            postgresql_where=text("answer IS NULL"),
        ),
    )

    turn_id: Mapped[UUID] = mapped_column(ForeignKey("duty_turn.id"), index=True)
    to_member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    to_person_id: Mapped[UUID]
    to_name: Mapped[str]
    area_path: Mapped[AreaPath]
    note: Mapped[str]
    until: Mapped[datetime | None]
    offered_by_name: Mapped[str]
    offered_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    why: Mapped[str] = mapped_column(default="")
