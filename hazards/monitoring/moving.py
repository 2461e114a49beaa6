"""When boundaries change, stations and their streams show the area that they lie in today."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.areas.placing import Placer
from gis.areas.replacing import misplaced
from gis.authority import Actor
from gis.store import audit
from gis.store.base import new_id
from gis.store.notify import announce
from hazards.monitoring.models import MonitoringPoint

TOPIC = "station"
PLACES = select(
    MonitoringPoint.id,
    func.ST_X(MonitoringPoint.place),
    func.ST_Y(MonitoringPoint.place),
    MonitoringPoint.area_path,
)
FOLLOW = text("""
    WITH moved AS (
        UPDATE monitoring_point AS point SET area_path = now.path
        FROM unnest(CAST(:ids AS uuid[]), CAST(:paths AS text[])) AS now(id, path)
        WHERE point.id = now.id RETURNING point.id, point.area_path
    )
    UPDATE datastream AS stream SET area_path = moved.area_path
    FROM moved WHERE stream.point_id = moved.id
""")


def place_anew(session: Session, placer: Placer, *, by: Actor) -> int:
    """Give every station today's area in the SYSTEM scope; tell how many moved."""
    moves = misplaced(session, PLACES, placer)
    if moves.ids:
        session.execute(FOLLOW, {"ids": list(moves.ids), "paths": list(moves.paths)})
        this, mine, count = new_id(), by.area_path, len(moves.ids)
        audit.record(session, act="stations.moved", subject=this, area_path=mine, count=count)
        announce(session, topic=TOPIC, kind="moved", ref=this, area_path=mine, also=moves.touched)
    return len(moves.ids)
