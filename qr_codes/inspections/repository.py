"""SQL for inspections."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from gis.errors import Missing
from hazards.checklists.visits import FAR_M
from qr_codes.assets.models import RiskCode
from qr_codes.assets.rules import CodeState
from qr_codes.findings.models import ResidentReport
from qr_codes.inspections.models import Inspection

LATEST_ROWS = 20
STRAYED_WITHIN = timedelta(days=92)


def visible(session: Session, inspection_id: UUID) -> Inspection:
    """Give an inspection with its asset; what the asker cannot see does not exist."""
    query = (
        select(Inspection)
        .where(Inspection.id == inspection_id)
        .options(joinedload(Inspection.asset))
    )
    found = session.scalar(query)
    if found is None:
        raise Missing("There is no such inspection in your area.")
    return found


def places(session: Session, ids: Collection[UUID]) -> dict[UUID, Point]:
    """Give where visits and residents' reports were made, as far as the phones said so."""
    found: dict[UUID, Point] = {}
    for table in (Inspection, ResidentReport):
        query = select(table.id, table.place).where(table.id.in_(ids), table.place.is_not(None))
        found |= {row.id: row.place for row in session.execute(query)}
    return found


def keep(session: Session, inspection: Inspection) -> bool:
    """Insert a visit unless its id is taken (even by a row the asker cannot see)."""
    columns = [column.key for column in Inspection.__table__.columns if column.key != "created_at"]
    row = {name: getattr(inspection, name) for name in columns}
    statement = insert(Inspection).values(row).on_conflict_do_nothing(index_elements=["id"])
    return session.scalar(statement.returning(Inspection.id)) is not None


def latest(session: Session, asset_id: UUID) -> Sequence[Inspection]:
    """Give the last visits to an asset, newest first."""
    query = select(Inspection).where(Inspection.asset_id == asset_id)
    return session.scalars(query.order_by(Inspection.done_at.desc()).limit(LATEST_ROWS)).all()


def sure_scans(
    session: Session, label: RiskCode, *, within_m: float, now: datetime
) -> Sequence[Inspection]:
    """Give the last scans of a label by phones that knew where they were, newest first."""
    query = (
        select(Inspection)
        .where(Inspection.asset_id == label.asset_id, Inspection.code_id == label.id)
        .where(Inspection.accuracy_m <= within_m)
        .where(Inspection.distance_m.is_not(None), Inspection.done_at > now - STRAYED_WITHIN)
        .order_by(Inspection.done_at.desc())
    )
    return session.scalars(query.limit(LATEST_ROWS)).all()


def strayed(
    session: Session, *, under: str, now: datetime, asset_id: UUID | None = None
) -> Sequence[Inspection]:
    """Give the last scans of labels on site that were far from their assets: moved, perhaps.

    What the phone itself was not sure of is no distance; a later scan on the spot ends it.
    """
    last = (
        select(Inspection)
        .ext(distinct_on(Inspection.code_id))
        .where(Inspection.area_path.startswith(under, autoescape=True))
        .where(Inspection.code_id.is_not(None), Inspection.place.is_not(None))
        .where(Inspection.done_at > now - STRAYED_WITHIN)
        .order_by(Inspection.code_id, Inspection.done_at.desc())
    )
    if asset_id is not None:
        last = last.where(Inspection.asset_id == asset_id)
    scan = aliased(Inspection, last.subquery())
    query = (
        select(scan)
        .join(RiskCode, RiskCode.id == scan.code_id)
        .join(scan.asset)
        .where(RiskCode.state.in_((CodeState.MOUNTED, CodeState.DAMAGED)))
        .where(scan.distance_m - func.coalesce(scan.accuracy_m, 0) > FAR_M)
        .options(contains_eager(scan.asset))
        .order_by(scan.distance_m.desc())
    )
    return session.scalars(query.limit(LATEST_ROWS)).all()
