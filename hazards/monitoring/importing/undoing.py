"""Take a list of stations back as a whole, while nothing it made was heard."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.store import audit, notify

HEARD = text("""
    SELECT count(*) FROM station_import AS made JOIN datastream AS stream
        ON stream.id = made.stream_id AND stream.heard_at IS NOT NULL
    WHERE made.import_id = :id AND made.before IS NULL
""")
LATER = text("""
    SELECT count(*) FROM station_import AS made JOIN station_import AS later
        ON later.stream_id = made.stream_id AND later.import_id <> made.import_id
        AND later.made_at > made.made_at
    WHERE made.import_id = :id
""")
TOUCHED = text("SELECT DISTINCT area_path FROM station_import WHERE import_id = :id")
STREAMS_BACK = text("""
    UPDATE datastream AS stream SET interval_s = (before ->> 'interval_s')::integer,
        silent_after_s = (before ->> 'silent_after_s')::integer, marks = before -> 'marks'
    FROM station_import AS made
    WHERE made.import_id = :id AND made.before IS NOT NULL AND stream.id = made.stream_id
""")
STATIONS_BACK = text("""
    UPDATE monitoring_point AS point SET name = before ->> 'name', address = before ->> 'address',
        keeper = before ->> 'keeper', keeper_phone = before ->> 'keeper_phone',
        facts = before -> 'facts', area_path = before ->> 'area_path',
        place = ST_GeomFromEWKT(before ->> 'place')
    FROM station_import AS made
    WHERE made.import_id = :id AND made.before IS NOT NULL AND point.id = made.point_id
""")
PLACES_BACK = text("""
    UPDATE datastream AS stream SET area_path = point.area_path
    FROM station_import AS made JOIN monitoring_point AS point ON point.id = made.point_id
    WHERE made.import_id = :id AND made.before IS NOT NULL AND stream.point_id = point.id
        AND stream.area_path <> point.area_path
""")
STREAMS_GONE = text("""
    DELETE FROM datastream WHERE id IN (
        SELECT stream_id FROM station_import WHERE import_id = :id AND before IS NULL)
""")
STATIONS_GONE = text("""
    DELETE FROM monitoring_point AS point WHERE id IN (
        SELECT point_id FROM station_import WHERE import_id = :id AND made_station)
    AND NOT EXISTS (SELECT FROM datastream WHERE point_id = point.id)
""")
FORGET = text("DELETE FROM station_import WHERE import_id = :id")


def undo(session: Session, import_id: UUID, *, area_path: str, by: Actor, now: datetime) -> None:
    """Let stations be as they were before a list came in."""
    del now
    require(by, Act.EDIT_POINT, area_path)
    asked = {"id": import_id}
    if heard := session.execute(HEARD, asked).scalar_one():
        raise Conflict(
            "{count} streams of this list have been heard already, and readings are never thrown"
            " away. Correct the stations with the next list.",
            count=heard,
        )
    if session.execute(LATER, asked).scalar_one():
        raise Conflict("A later list speaks of the same stations. Take that one back first.")
    touched = session.scalars(TOUCHED, asked).all()
    steps = STREAMS_BACK, STATIONS_BACK, PLACES_BACK, STREAMS_GONE, STATIONS_GONE, FORGET
    for step in steps:
        session.execute(step, asked)
    audit.record(session, act="stations.import_undone", subject=import_id, area_path=area_path)
    notify.announce(
        session, topic="station", kind="imported", ref=import_id, area_path=area_path,
        also=tuple(touched),
    )  # fmt: skip
