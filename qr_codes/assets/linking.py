"""What one asset is to another: a bridge on a road, an underpass drained by a pump station."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Rejected
from qr_codes.assets import repository, service
from qr_codes.assets.models import Asset, AssetLink, AssetRelation


@dataclass(frozen=True, slots=True)
class Linked:
    """The other asset, what it is to this one, and from which of the two it is said."""

    relation: AssetRelation
    other: Asset
    outward: bool


def relations(session: Session) -> Sequence[AssetRelation]:
    """Give what assets may be to each other, in order."""
    return session.scalars(select(AssetRelation).order_by(AssetRelation.position)).all()


def of_asset(session: Session, asset_id: UUID) -> list[Linked]:
    """Give what an asset is linked with, both ways; what the asker cannot see is left out."""
    mine = or_(AssetLink.from_id == asset_id, AssetLink.to_id == asset_id)
    other = or_(
        (AssetLink.from_id == asset_id) & (Asset.id == AssetLink.to_id),
        (AssetLink.to_id == asset_id) & (Asset.id == AssetLink.from_id),
    )
    query = (
        select(AssetRelation, Asset, AssetLink.from_id == asset_id)
        .select_from(AssetLink)
        .join(AssetRelation, AssetRelation.code == AssetLink.relation)
        .join(Asset, other)
        .where(mine)
        .order_by(AssetRelation.position, Asset.name, Asset.number)
    )
    return [Linked(relation, asset, outward) for relation, asset, outward in session.execute(query)]


def link(
    session: Session, *, asset_id: UUID, relation: str, number: str, by: Actor, now: datetime
) -> Asset:
    """Say what another asset, named by its number, is to this one; twice is once."""
    asset = repository.visible(session, asset_id)
    require(by, Act.EDIT_ASSET, asset.area_path)
    if session.get(AssetRelation, relation) is None:
        raise Rejected("Choose what the other asset is to this one.")
    other = numbered(session, asset, number.strip())
    row = {"from_id": asset.id, "relation": relation, "to_id": other.id}
    row |= {"area_path": asset.area_path, "made_at": now, "made_by_name": by.name}
    made = insert(AssetLink).values(row).on_conflict_do_nothing().returning(AssetLink.to_id)
    if session.scalar(made) is not None:
        facts = {"relation": relation, "other": other.id}
        service.tell(session, asset, act="asset.linked", kind="changed", **facts)
    return other


def unlink(session: Session, *, asset_id: UUID, relation: str, other_id: UUID, by: Actor) -> None:
    """Take a link away, if it is there."""
    asset = repository.visible(session, asset_id)
    require(by, Act.EDIT_ASSET, asset.area_path)
    gone = delete(AssetLink).where(
        AssetLink.from_id == asset.id, AssetLink.relation == relation, AssetLink.to_id == other_id
    )
    if session.execute(gone.returning(AssetLink.to_id)).all():
        facts = {"relation": relation, "other": other_id}
        service.tell(session, asset, act="asset.unlinked", kind="changed", **facts)


def numbered(session: Session, asset: Asset, number: str) -> Asset:
    """Find the one asset that has a number, ours or that of the list this one came with."""
    own = Asset.number == int(number) if number.isdecimal() and len(number) < 19 else None
    listed = (Asset.source == asset.source) & (Asset.source_id == number)
    query = select(Asset).where(listed if own is None else or_(listed, own), Asset.id != asset.id)
    found = session.scalars(query).all()
    exact = [one for one in found if one.source == asset.source and one.source_id == number]
    if not found:
        raise Rejected("No other asset in your area has the number {number}.", number=number[:60])
    return (exact or found)[0]
