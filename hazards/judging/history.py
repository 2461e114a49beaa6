"""What stood at stations over a span of the past, what was warned of there, and what happened."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import Row, cast, func, select, text
from sqlalchemy.orm import Session

from hazards.alerts.models import Alert
from hazards.alerts.rules import Colour
from hazards.events.models import DisasterEvent
from hazards.events.rules import NEAR_M
from hazards.monitoring.models import MonitoringPoint

# The last change before the span of each station and rule, and all within it.
CHANGES = text("""
    SELECT * FROM (
        SELECT DISTINCT ON (j.point_id, r.code) j.point_id, r.code, j.at, j.colour, j.why_zh,
            j.why_en
        FROM judgement AS j JOIN judging_rule AS r ON r.id = j.rule_id
        WHERE j.point_id = ANY(CAST(:points AS uuid[])) AND j.at < :start
        ORDER BY j.point_id, r.code, j.at DESC, j.id DESC
    ) AS before
    UNION ALL
    SELECT j.point_id, r.code, j.at, j.colour, j.why_zh, j.why_en
    FROM judgement AS j JOIN judging_rule AS r ON r.id = j.rule_id
    WHERE j.point_id = ANY(CAST(:points AS uuid[])) AND j.at >= :start AND j.at <= :end
    ORDER BY at
""")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a span in which a colour stood, and why it came."""

    start: datetime
    end: datetime
    colour: Colour
    why_zh: str
    why_en: str


def stood(
    session: Session, points: Collection[UUID], *, start: datetime, end: datetime
) -> dict[tuple[UUID, str], list[Stretch]]:
    """Give what stood over a span, by station and rule."""
    asked = {"points": list(points), "start": start, "end": end}
    changes: dict[tuple[UUID, str], list[Row[Any]]] = defaultdict(list)
    for row in session.execute(CHANGES, asked):
        changes[row.point_id, row.code].append(row)
    made = {key: stretches(rows, start=start, end=end) for key, rows in changes.items()}
    return {key: found for key, found in made.items() if found}


def stretches(changes: Sequence[Any], *, start: datetime, end: datetime) -> list[Stretch]:
    """Cut changes of colour, in their order, to the stretches of a span."""
    untils = [one.at for one in changes[1:]] + [end]
    return [
        Stretch(max(one.at, start), until, Colour(one.colour), one.why_zh, one.why_en)
        for one, until in zip(changes, untils, strict=True)
        if one.colour and until > start
    ]


def warned(
    session: Session, station: MonitoringPoint, *, start: datetime, end: datetime
) -> Sequence[Alert]:
    """Give the warnings that held at a station within a span, drills apart."""
    until = func.coalesce(Alert.ended_at, Alert.expires_at)
    holds = func.alert_holds_at(
        Alert.area_paths, Alert.drawn, station.area_path, MonitoringPoint.place
    )
    query = select(Alert).join(MonitoringPoint, MonitoringPoint.id == station.id).where(
        Alert.issued_at.is_not(None), Alert.is_drill.is_(False), Alert.onset_at < end,
        until > start, holds,
    )  # fmt: skip
    return session.scalars(query.order_by(Alert.onset_at)).all()


def happened(
    session: Session, station: MonitoringPoint, *, start: datetime, end: datetime
) -> Sequence[DisasterEvent]:
    """Give the disasters on record near a station within a span."""
    here = select(MonitoringPoint.place).where(MonitoringPoint.id == station.id).scalar_subquery()
    near = func.ST_DWithin(cast(DisasterEvent.place, Geography), cast(here, Geography), NEAR_M)
    query = select(DisasterEvent).where(
        DisasterEvent.happened_at >= start, DisasterEvent.happened_at < end, near
    )
    return session.scalars(query.order_by(DisasterEvent.happened_at)).all()
