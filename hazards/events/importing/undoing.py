"""Take a list of disaster records back as a whole: what it made goes, what it changed is as before.

What rested on its records is taken back by the evidence, within the minute.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.store import audit, notify

LATER = text("""
    SELECT count(*) FROM event_import AS made JOIN event_import AS later
        ON later.event_id = made.event_id AND later.import_id <> made.import_id
        AND later.made_at > made.made_at
    WHERE made.import_id = :id
""")
BACK = text("""
    UPDATE disaster_event AS event SET hazard_type = before ->> 'hazard_type',
        title = before ->> 'title', happened_at = (before ->> 'happened_at')::timestamptz,
        time_precision = before ->> 'time_precision',
        place = ST_GeomFromEWKT(before ->> 'place'),
        location_accuracy_m = (before ->> 'location_accuracy_m')::float8,
        deaths = (before ->> 'deaths')::integer, injured = (before ->> 'injured')::integer,
        loss_10k_yuan = (before ->> 'loss_10k_yuan')::numeric, raw = before -> 'raw',
        area_path = before ->> 'area_path', weighed = false
    FROM event_import AS made
    WHERE made.import_id = :id AND made.before IS NOT NULL AND event.id = made.event_id
""")
GONE = text("""
    DELETE FROM disaster_event WHERE id IN (
        SELECT event_id FROM event_import WHERE import_id = :id AND before IS NULL)
""")
FORGET = text("DELETE FROM event_import WHERE import_id = :id")


def undo(session: Session, import_id: UUID, *, area_path: str, by: Actor, now: datetime) -> None:
    """Let the records be as they were before a list came in."""
    del now
    require(by, Act.EDIT_POINT, area_path)
    asked = {"id": import_id}
    if session.execute(LATER, asked).scalar_one():
        raise Conflict("A later list speaks of the same records. Take that one back first.")
    back, gone = (session.execute(step, asked).rowcount for step in (BACK, GONE))  # type: ignore[attr-defined]  # a cursor's result
    session.execute(FORGET, asked)
    audit.record(
        session, act="events.import_undone", subject=import_id, area_path=area_path,
        gone=gone, back=back,
    )  # fmt: skip
    notify.announce(session, topic="event", kind="imported", ref=import_id, area_path=area_path)
