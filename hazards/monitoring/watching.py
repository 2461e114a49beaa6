"""Watches the stations themselves: one that says nothing, or always the same, rings its keeper.

It is an alarm of its own: no reading is no sign of safety, and none of danger either. Beside it
stands which mark each stream is over, for whoever looks at many.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.areas.rules import street_of
from gis.store.base import among
from gis.store.engine import Sessions, unit_of_work
from gis.store.notify import announce
from gis.store.scope import PROGRAM, SYSTEM
from hazards.calls import service as calls
from hazards.calls.drafts import CallDraft, Callee, Step
from hazards.calls.rules import Urgency
from hazards.monitoring.models import Datastream, MonitoringPoint
from hazards.monitoring.rules import Trouble
from hazards.tasks import callees

TOPIC = "station"
STATIONS = UUID("6f7a2c1e-90f4-4a3c-8a6e-2d1b5f0c9e34")
HEARD_AGAIN = "又有数据 · heard again"
WORDS = {
    Trouble.SILENT: ("监测站无数据", "Station says nothing"),
    Trouble.STUCK: ("监测站读数不变", "Station stands still"),
}
LOOK = text("""
    UPDATE datastream d SET trouble = seen.trouble,
        trouble_since = CASE WHEN seen.trouble IS NOT DISTINCT FROM d.trouble THEN d.trouble_since
            WHEN seen.trouble IS NOT NULL THEN CAST(:now AS timestamptz) END,
        over = seen.over
    FROM (
        SELECT s.id, CASE WHEN silent THEN :silent
            WHEN s.last_at - s.same_since >= o.stuck_h * interval '1 hour'
                AND NOT (o.adds AND s.last_value = 0) THEN :stuck
            END AS trouble, CASE WHEN NOT silent THEN (
                SELECT m.key FROM jsonb_each(s.marks) AS m
                WHERE CAST(m.value AS float8) <= s.last_value
                ORDER BY CAST(m.value AS float8) DESC LIMIT 1
            ) END AS over
        FROM datastream s JOIN observed_property o ON o.code = s.property
        CROSS JOIN LATERAL (SELECT coalesce(s.heard_at, s.created_at)
            < :now - s.silent_after_s * interval '1 second') AS heard(silent)
    ) AS seen
    WHERE seen.id = d.id
        AND (d.trouble, d.over) IS DISTINCT FROM (seen.trouble, seen.over)
    RETURNING d.point_id
""")


def watch(sessions: Sessions, *, now: datetime) -> int:
    """Note what fell silent, passed a mark or is heard again; call about trouble till it ends."""
    with unit_of_work(sessions, SYSTEM) as session:
        asked = {"now": now, "silent": Trouble.SILENT, "stuck": Trouble.STUCK}
        changed = set(session.scalars(LOOK, asked))
        found = select(MonitoringPoint).where(among(MonitoringPoint.id, changed))
        points = session.scalars(found.order_by(MonitoringPoint.id)).all()
        troubles = _troubles(session, changed)
        _ring(session, [one for one in points if one.id in troubles], troubles, now=now)
        _end(session, [one for one in points if one.id not in troubles], now=now)
        for point in points:
            kind = troubles.get(point.id, "well")
            announce(session, topic=TOPIC, kind=kind, ref=point.id, area_path=point.area_path)
    return len(points)


def _troubles(session: Session, point_ids: set[UUID]) -> dict[UUID, Trouble]:
    """Give the trouble of each station that has any; silence is the graver one."""
    query = select(Datastream.point_id, Datastream.trouble).where(
        among(Datastream.point_id, point_ids), Datastream.trouble.is_not(None)
    )
    rows = session.execute(query.order_by(Datastream.trouble.desc()))
    return {point_id: Trouble(trouble) for point_id, trouble in rows if trouble}


def _ring(
    session: Session,
    points: Sequence[MonitoringPoint],
    troubles: dict[UUID, Trouble],
    *,
    now: datetime,
) -> None:
    fresh = [point for point in points if point.call_ref is None]
    staffed = callees.centres(session, {point.area_path for point in fresh})
    drafts = []
    for point in fresh:
        first = [keeper] if (keeper := _keeper(point)) else []
        if ladder := callees.ladder(first, staffed, point.area_path):
            point.call_ref = uuid5(point.id, now.isoformat())
            drafts.append(_draft(point, troubles[point.id], ladder))
    calls.open_many(session, drafts, now=now)


def _keeper(point: MonitoringPoint) -> Callee | None:
    if not point.keeper:
        return None
    known = callees.unlisted(point.keeper, point.keeper_phone)
    return Callee(point.keeper, point.area_path, phone=point.keeper_phone, member_id=known)


def _draft(point: MonitoringPoint, trouble: Trouble, ladder: tuple[Step, ...]) -> CallDraft:
    zh, en = WORDS[trouble]
    return CallDraft(
        topic=TOPIC,
        ref=point.call_ref or point.id,
        area_path=point.area_path,
        opener_path=point.area_path,
        opener_name=PROGRAM.name,
        ladder=ladder,
        text_zh=f"{zh}：{point.name}（{point.code}）",
        text_en=f"{en}: {point.name} ({point.code})",
        page=f"/monitoring/{point.id}",
        urgency=Urgency.ROUTINE,
        synthetic=point.synthetic,
        bundle=uuid5(STATIONS, f"{trouble} {street_of(point.area_path)}"),
    )


def _end(session: Session, points: Sequence[MonitoringPoint], *, now: datetime) -> None:
    refs = [point.call_ref for point in points if point.call_ref is not None]
    calls.cancel(session, topic=TOPIC, refs=refs, why=HEARD_AGAIN, by=PROGRAM, now=now)
    for point in points:
        point.call_ref = None
