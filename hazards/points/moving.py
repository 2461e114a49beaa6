"""Place the ledger anew after boundaries changed; each entry's history keeps where it was."""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.areas.placing import Placer
from gis.areas.replacing import misplaced
from gis.authority import Actor
from gis.store import audit, notify
from hazards.points.models import HazardPoint

PLACES = select(
    HazardPoint.id,
    func.ST_X(HazardPoint.place),
    func.ST_Y(HazardPoint.place),
    HazardPoint.area_path,
)
MOVE = text("""
    UPDATE hazard_point SET area_path = moved.path, version = version + 1,
        changed_at = :now, changed_by = :by_id, changed_by_name = :by_name
    FROM unnest(CAST(:ids AS uuid[]), CAST(:paths AS text[])) AS moved (id, path)
    WHERE hazard_point.id = moved.id
""")


def place_anew(session: Session, placer: Placer, *, by: Actor, now: datetime) -> int:
    """Give every entry today's area in the SYSTEM scope; tell how many moved."""
    moves = misplaced(session, PLACES, placer)
    if moves.ids:
        signed = {"now": now, "by_id": by.id, "by_name": by.name}
        session.execute(MOVE, signed | {"ids": list(moves.ids), "paths": list(moves.paths)})
        audit.record(
            session, act="points.moved", subject=None, area_path=by.area_path, count=len(moves.ids)
        )
        first, *others = moves.touched
        notify.announce(
            session, topic="point", kind="moved", ref=None, area_path=first, also=tuple(others)
        )
    return len(moves.ids)
