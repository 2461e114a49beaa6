"""How stations stand at a glance: a colour reached, a mark passed, silent, stuck, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    ColumnElement,
    MetaData,
    Row,
    Table,
    Text,
    Uuid,
    any_,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from gis.store.base import WGS84, Shape
from hazards.alerts.models import Alert
from hazards.alerts.rules import State
from hazards.judging.models import JudgingStanding
from hazards.monitoring.models import MonitoringPoint
from hazards.monitoring.rules import Trouble

OF = Table(
    "station_standing",
    MetaData(),
    Column("id", Uuid),
    Column("name", Text),
    Column("code", Text),
    Column("place", Shape("POINT", index=False)),
    Column("area_path", Text),
    Column("kinds", ARRAY(Text)),
    Column("icons", ARRAY(Text)),
    Column("over", Boolean),
    Column("trouble", Text),
    Column("colour", Text),
)
"""A view: one line for each station, in the reader's scope."""


class Stands(StrEnum):
    """How a station stands. More than one may hold: a silent one keeps the colour it had."""

    WARNED = "warned"
    OVER = "over"
    SILENT = "silent"
    STUCK = "stuck"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class StationsAsked:
    """Which stations are asked for: by what they measure, and how they stand."""

    kind: str = ""
    state: Stands | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Give what holds for them."""
        held = [] if self.state is None else [HOLDS[self.state]]
        return [*held, literal(self.kind) == any_(OF.c.kinds)] if self.kind else held


HOLDS: dict[Stands, ColumnElement[bool]] = {
    Stands.WARNED: OF.c.colour.is_not(None),
    Stands.OVER: OF.c.over,
    Stands.SILENT: OF.c.trouble == Trouble.SILENT.value,
    Stands.STUCK: OF.c.trouble == Trouble.STUCK.value,
}
HOLDS[Stands.WELL] = ~or_(OF.c.colour.is_not(None), OF.c.over, OF.c.trouble.is_not(None))


def named(session: Session, text: str, *, most: int) -> Sequence[Row[Any]]:
    """Give stations by a part of their name or code, whose code it is first."""
    said = (OF.c.name, OF.c.code)
    columns: tuple[Any, ...] = (OF.c.id, *said, OF.c.place, OF.c.area_path)
    held = or_(*(one.icontains(text, autoescape=True) for one in said))
    first = func.lower(OF.c.code) != text.lower()
    query = select(*columns).where(held).order_by(first, OF.c.name, OF.c.id)
    return session.execute(query.limit(most)).all()


def within(session: Session, shape: BaseGeometry) -> dict[str, Any]:
    """Count the stations inside a shape: all, by what they measure, by how they stand."""
    ground = from_shape(shape, srid=WGS84)
    inside = func.ST_Intersects(OF.c.place, ground)
    counts = (func.count().filter(held).label(state) for state, held in HOLDS.items())
    asked = select(func.count().label("total"), *counts).where(inside)
    each = select(OF.c.id, func.unnest(OF.c.kinds).label("kind")).where(inside).distinct()
    of = each.subquery()
    by_kind = session.execute(select(of.c.kind, func.count().label("number")).group_by(of.c.kind))
    return {
        **session.execute(asked).mappings().one(),
        "kinds": {row.kind: row.number for row in by_kind},
    }


def by_rule(session: Session, point_id: UUID) -> dict[str, JudgingStanding]:
    """Give what stands at a station by each rule that sees a colour there."""
    query = select(JudgingStanding).where(
        JudgingStanding.point_id == point_id, JudgingStanding.colour.is_not(None)
    )
    return {one.rule_code: one for one in session.scalars(query)}


def warnings(session: Session, station: MonitoringPoint, *, now: datetime) -> Sequence[Alert]:
    """Give the warnings that hold at a station or wait for approval there, drills apart."""
    holds = func.alert_holds_at(
        Alert.area_paths, Alert.drawn, station.area_path, MonitoringPoint.place
    )
    query = select(Alert).join(MonitoringPoint, MonitoringPoint.id == station.id).where(
        Alert.state.in_((State.DRAFT, State.ISSUED)), Alert.is_drill.is_(False),
        Alert.expires_at > now, holds,
    )  # fmt: skip
    return session.scalars(query.order_by(Alert.proposed_at.desc())).all()
