"""SQL for inspections."""

from collections.abc import Collection, Sequence
from uuid import UUID

from shapely import Point
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from gis.errors import Missing
from qr_codes.findings.models import ResidentReport
from qr_codes.inspections.models import Inspection

LATEST_ROWS = 20


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
