"""Place assets anew after boundaries changed; their labels and findings go with them.

Inspections stay where they were made: they tell of their day.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.areas.placing import Placer
from gis.areas.replacing import misplaced
from gis.authority import Actor
from gis.store import audit, notify
from qr_codes.assets import repository
from qr_codes.assets.models import Asset

MIDDLE = func.ST_PointOnSurface(Asset.place)
PLACES = select(Asset.id, func.ST_X(MIDDLE), func.ST_Y(MIDDLE), Asset.area_path)
LABELS = text("""
    UPDATE risk_code SET area_path = asset.area_path FROM asset
    WHERE asset.id = risk_code.asset_id AND asset.id = ANY (CAST(:ids AS uuid[]))
""")
FINDINGS = text("""
    UPDATE finding SET area_path = asset.area_path FROM asset
    WHERE asset.id = finding.asset_id AND asset.id = ANY (CAST(:ids AS uuid[]))
""")
SAMPLED = text("""
    UPDATE sampled_finding SET area_path = finding.area_path FROM finding
    WHERE finding.id = sampled_finding.finding_id
        AND finding.asset_id = ANY (CAST(:ids AS uuid[]))
""")
LINKS = text("""
    UPDATE asset_link SET area_path = asset.area_path FROM asset
    WHERE asset.id = asset_link.from_id AND asset.id = ANY (CAST(:ids AS uuid[]))
""")
PLANS = text("""
    UPDATE traffic_plan SET area_path = asset.area_path FROM asset
    WHERE asset.id = traffic_plan.asset_id AND asset.id = ANY (CAST(:ids AS uuid[]))
""")
CLOSURES = text("""
    UPDATE asset_closure SET area_path = asset.area_path FROM asset
    WHERE asset.id = asset_closure.asset_id AND asset.id = ANY (CAST(:ids AS uuid[]))
""")
PHOTOS = text("""
    UPDATE stored_file SET area_path = asset.area_path FROM asset
    WHERE stored_file.kind = 'asset' AND asset.id = stored_file.ref
        AND asset.id = ANY (CAST(:ids AS uuid[]))
""")
RATINGS = text("""
    UPDATE asset_rating SET area_path = asset.area_path FROM asset
    WHERE asset.id = asset_rating.asset_id AND asset.id = ANY (CAST(:ids AS uuid[]))
""")


TASKS = text("""
    UPDATE task SET area_path = asset.area_path FROM asset
    WHERE asset.id = task.subject_id AND task.state IN ('open', 'begun')
        AND asset.id = ANY (CAST(:ids AS uuid[]))
""")


def place_anew(session: Session, placer: Placer, *, by: Actor, today: date) -> int:
    """Give every asset today's area in the SYSTEM scope; tell how many moved."""
    moves = misplaced(session, PLACES, placer)
    for asset in session.scalars(select(Asset).where(Asset.id.in_(moves.ids))):
        where = repository.where_is(session, asset.place, day=today)
        if where is not None:
            asset.area_path, asset.street = where.path, where.street
    session.flush()  # labels and findings copy the path from the rows
    if moves.ids:
        follow(session, moves.ids)
        audit.record(
            session, act="assets.moved", subject=None, area_path=by.area_path, count=len(moves.ids)
        )
        first, *others = moves.touched
        notify.announce(
            session, topic="asset", kind="moved", ref=None, area_path=first, also=tuple(others)
        )
    return len(moves.ids)


def follow(session: Session, ids: Collection[UUID]) -> None:
    """Let what belongs to some assets lie where they do."""
    for statement in (LABELS, FINDINGS, SAMPLED, RATINGS, LINKS, PLANS, CLOSURES, PHOTOS, TASKS):
        session.execute(statement, {"ids": list(ids)})
