"""What anyone may read of alerts: all that is in force, and what holds at a place or in an area."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from shapely import Point
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from gis.store.base import Shape

# Without a path all of them. In an area what is not all of it is a part (`whole` says which).
WARNED = text("""
    WITH here AS (SELECT boundary FROM area WHERE path = CAST(:path AS text) AND :parts
        AND validity @> CAST(:day AS date) AND boundary IS NOT NULL LIMIT 1)
    SELECT id, colour, hazard_type, area_path, where_zh, where_en, onset_at, expires_at,
        headline_zh, headline_en, instruction_zh, instruction_en, why, issuer_zh, issuer_en,
        issued_at, area_paths, drawn, is_drill,
        NOT :parts OR coalesce(CAST(:path AS text) ^@ ANY (area_paths), false) AS whole
    FROM public_alerts(:now, :drills)
    WHERE CAST(:path AS text) IS NULL
        OR alert_holds_at(area_paths, drawn, CAST(:path AS text), CAST(:place AS geometry))
        OR :parts AND (coalesce(ST_Intersects(drawn, (SELECT boundary FROM here)), false)
            OR EXISTS (SELECT FROM unnest(area_paths) AS one WHERE starts_with(one, :path)))
    ORDER BY is_drill, array_position(ARRAY['red', 'orange', 'yellow', 'blue'], colour),
        issued_at DESC
""").columns(drawn=Shape("MULTIPOLYGON"))

Warned = Sequence[Row[Any]]


def in_force(session: Session, *, now: datetime, drills: bool = False) -> Warned:
    """Give what holds or is about to, the gravest first; drills only for those at work."""
    return _asked(session, now=now, drills=drills)


def concerning(warned: Warned, path: str) -> Warned:
    """Give what may hold somewhere in an area; for one that was drawn, where it lies is enough."""
    return [one for one in warned if _concerns(one, path)]


def _concerns(one: Row[Any], path: str) -> bool:
    near = [*one.area_paths, *([one.area_path] if one.drawn is not None else [])]
    return any(path.startswith(area) or area.startswith(path) for area in near)


def state_of(warned: Warned, path: str) -> str:
    """Give a sign that changes when what is in force there changes."""
    ids = "".join(sorted(str(one.id) for one in concerning(warned, path)))
    return blake2b(ids.encode(), digest_size=8).hexdigest()


def at(session: Session, place: Point, path: str, *, now: datetime) -> Warned:
    """Give what holds at a place that lies in an area."""
    return _asked(session, now=now, path=path, place=f"SRID=4326;{place.wkt}")


def in_area(session: Session, path: str, *, now: datetime, day: date) -> Warned:
    """Give what holds in an area, or in a part of it."""
    return _asked(session, now=now, path=path, day=day, parts=True)


def _asked(session: Session, **asked: Any) -> Warned:
    usual: dict[str, Any] = {"path": None, "place": None, "day": None}
    usual |= {"parts": False, "drills": False}
    return session.execute(WARNED, usual | asked).all()
