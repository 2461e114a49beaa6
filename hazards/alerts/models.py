"""Tables of alerts: the colours as data, the alerts, and what was done about each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import MultiPolygon
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape


class AlertColour(Base):
    """A warning colour: what it is called, which lists it asks, what it tells everyone to do."""

    __tablename__ = "alert_colour"

    colour: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    lists: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    instruction_zh: Mapped[str]
    instruction_en: Mapped[str]


class Alert(Record):
    """One warning as it was proposed; an update is another one that follows it.

    It holds in `area_paths` as wholes and inside `drawn`; `extent` is both together for the eye.
    `reach` names the smallest centres' areas that it touches: who lies in or above one sees it.
    Only the columns below `state` are ever changed. `looked_at` is up to when the points inside
    got their lists; `to_call` people are to be called, and `calling` says that not all are yet.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_expires_at", "expires_at", postgresql_where=text(
            "state IN ('draft', 'issued')")),
        Index("uq_alert_follows_id", "follows_id", unique=True, postgresql_where=text(
            "issued_at IS NOT NULL")),
        Index("uq_alert_source_ref", "source", "source_ref", unique=True, postgresql_where=text(
            "source_ref IS NOT NULL")),
        Index("ix_alert_calling", "id", postgresql_where=text("calling")),
        CheckConstraint("area_paths <> '{}' OR drawn IS NOT NULL", name="somewhere"),
        CheckConstraint("source <> 'hand' OR issued_by <> proposed_by", name="two_people"),
        CheckConstraint("follows_id <> id", name="another"),
    )  # fmt: skip

    root_id: Mapped[UUID] = mapped_column(index=True)
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("alert.id"))
    colour: Mapped[str] = mapped_column(ForeignKey("alert_colour.colour"))
    hazard_type: Mapped[str] = mapped_column(ForeignKey("hazard_type.code"))
    area_path: Mapped[AreaPath]
    area_paths: Mapped[list[str]] = mapped_column(ARRAY(Text))
    drawn: Mapped[MultiPolygon | None] = mapped_column(Shape("MULTIPOLYGON", index=False))
    extent: Mapped[MultiPolygon | None] = mapped_column(Shape("MULTIPOLYGON", index=False))
    reach: Mapped[list[str]] = mapped_column(ARRAY(Text))
    where_zh: Mapped[str]
    where_en: Mapped[str]
    expires_at: Mapped[datetime]
    headline_zh: Mapped[str]
    headline_en: Mapped[str]
    instruction_zh: Mapped[str]
    instruction_en: Mapped[str]
    why: Mapped[str]
    source: Mapped[str]
    source_ref: Mapped[str | None]
    is_drill: Mapped[bool]
    synthetic: Mapped[bool]
    proposed_by: Mapped[UUID]
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    state: Mapped[str]
    onset_at: Mapped[datetime | None]
    issued_by: Mapped[UUID | None]
    issued_by_name: Mapped[str] = mapped_column(server_default="")
    issuer_zh: Mapped[str] = mapped_column(server_default="")
    issuer_en: Mapped[str] = mapped_column(server_default="")
    issued_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_name: Mapped[str] = mapped_column(server_default="")
    ended_why: Mapped[str] = mapped_column(server_default="")
    looked_at: Mapped[datetime | None]
    to_call: Mapped[int] = mapped_column(server_default="0")
    calling: Mapped[bool] = mapped_column(server_default="false")


class AlertStep(Base):
    """One line of an alert's log. Only added."""

    __tablename__ = "alert_step"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alert.id"), index=True)
    area_path: Mapped[AreaPath]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    kind: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    note: Mapped[str]


class AlertCall(Base):
    """Who is called about an alert and what follows it: a person once for each colour.

    `ref` names the call; `points` says how many of those inside he looks after.
    """

    __tablename__ = "alert_call"

    ref: Mapped[UUID] = mapped_column(primary_key=True)
    root_id: Mapped[UUID] = mapped_column(index=True)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alert.id"))
    colour: Mapped[str]
    person_id: Mapped[UUID]
    name: Mapped[str]
    phone: Mapped[str]
    area_path: Mapped[AreaPath]
    points: Mapped[int]
