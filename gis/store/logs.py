"""Both logs of a unit of work, written last: a trip for lock and head, one for all lines.

Every writer waits for this lock, so what is done under it is what bounds them all.
"""

from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.store import audit, notify
from gis.store.together import driver

LOCK = "SELECT pg_advisory_xact_lock(%s)"
# The last line may belong to an area the actor cannot see: a definer function reads it.
HEAD = "SELECT audit_head_seq(), audit_head_hash(), clock_timestamp(), scope_actor()"
WRITTEN = text("""
    WITH lines AS (
        INSERT INTO audit_entry (seq, at, actor_id, act, subject, area_path, facts, hash)
        SELECT seq, at, actor_id, act, subject, area_path, facts, decode(hash, 'hex')
        FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS one (seq bigint, at timestamptz,
            actor_id uuid, act text, subject uuid, area_path text, facts jsonb, hash text)
    ), events AS (
        INSERT INTO live_event (topic, kind, ref, area_paths)
        SELECT topic, kind, ref, area_paths FROM jsonb_to_recordset(CAST(:events AS jsonb))
            AS one (topic text, kind text, ref uuid, area_paths text[])
    )
    SELECT pg_notify(:channel, '') WHERE :tells
""")


def write(session: Session) -> None:
    """Write what waits; called by the unit of work alone."""
    lines: list[dict[str, Any]] = session.info.pop("audit", [])
    events: list[notify.Announcement] = session.info.pop("announcements", [])
    if not lines and not events:
        return
    connection = driver(session)
    with connection.pipeline():
        connection.execute(LOCK, [notify.LOG_LOCK])
        head = connection.execute(HEAD)
    said: tuple[Any, ...] = head.fetchone() or ()
    seq, previous, now, actor = said
    audit.chain(lines, seq=seq, previous=previous, now=now, actor=actor)
    told = {
        "lines": as_json([line | {"hash": line["hash"].hex()} for line in lines]),
        "events": as_json([event._asdict() for event in dict.fromkeys(events)]),
    }
    session.execute(WRITTEN, told | {"channel": notify.CHANNEL, "tells": bool(events)})


def as_json(rows: list[dict[str, Any]]) -> str:
    """Write rows down for the database."""
    return orjson.dumps(rows, default=str).decode()
