"""Verbs of the registry: enter an asset, change it, take it out of use, bring it back.

Each change raises the version; the database keeps the state before it (`asset_version`).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Rejected
from hazards.checklists.rules import bounded
from qr_codes.assets import moving, repository, service
from qr_codes.assets.fields import fields_of
from qr_codes.assets.models import Asset, AssetType
from qr_codes.assets.repository import Where
from qr_codes.assets.rules import LONGEST_WORDS, WRITTEN, AssetEntry, checked


def register(
    session: Session, *, asset_id: UUID, entry: AssetEntry, by: Actor, now: datetime
) -> tuple[Asset, bool]:
    """Enter an asset where it lies; the same id again is the same asset once."""
    there = repository.find(session, asset_id)
    if there is not None:
        return there, False
    kind, entry, where = ready(session, entry, by=by, now=now)
    asset = Asset(
        id=asset_id,
        **{name: getattr(entry, name) for name in WRITTEN},
        area_path=where.path,
        street=where.street,
        source=entry.source,
        source_id=entry.source_id,
        synthetic=entry.synthetic,
    )
    asset.type = kind
    sign(asset, by=by, now=now)
    session.add(asset)
    session.flush()  # the database gives the number that its codes carry
    service.tell(session, asset, act="asset.registered", kind="registered")
    return asset, True


def change(
    session: Session,
    *,
    asset_id: UUID,
    seen_version: int,
    entry: AssetEntry,
    by: Actor,
    now: datetime,
) -> Asset:
    """Let an asset say something else, in view of the version that was looked at."""
    asset = held(session, asset_id, by=by)
    if asset.retired_at is not None:
        raise Conflict("This asset is out of use. Bring it back into use first.")
    if asset.version != seen_version:
        raise Conflict(
            "{who} changed this asset while you had it open. Load it again; yours is not saved.",
            who=asset.changed_by_name,
        )
    kind, entry, where = ready(session, entry, by=by, now=now)
    said = {name: getattr(entry, name) for name in WRITTEN}
    changed = [name for name, value in said.items() if getattr(asset, name) != value]
    if not changed:
        return asset
    before = asset.area_path
    for name in changed:
        setattr(asset, name, said[name])
    asset.type, asset.area_path, asset.street = kind, where.path, where.street
    next_version(session, asset, by=by, now=now)
    if where.path != before:
        moving.follow(session, [asset.id])
    service.tell(session, asset, act="asset.changed", kind="changed", fields=changed)
    return asset


def retire(session: Session, *, asset_id: UUID, reason: str, by: Actor, now: datetime) -> Asset:
    """Take an asset out of use with a reason; its label ends with it."""
    asset = held(session, asset_id, by=by)
    if asset.retired_at is not None:
        return asset
    said = bounded(reason, most=LONGEST_WORDS)
    if not said:
        raise Rejected("Say why this asset is out of use: its history keeps it.")
    if asset.worst_open_grade is not None:
        raise Conflict("Findings are still open here. See them closed, then take it out of use.")
    label = repository.in_force(session, asset.id)
    if label is not None:
        service.revoke(session, code_id=label.id, by=by, now=now, reason=said)
    asset.retired_at, asset.retired_reason = now, said
    next_version(session, asset, by=by, now=now)
    service.tell(session, asset, act="asset.retired", kind="retired", reason=said)
    return asset


def restore(session: Session, *, asset_id: UUID, by: Actor, now: datetime) -> Asset:
    """Bring an asset back into use; it needs a new label."""
    asset = held(session, asset_id, by=by)
    if asset.retired_at is None:
        return asset
    asset.retired_at, asset.retired_reason = None, ""
    next_version(session, asset, by=by, now=now)
    service.tell(session, asset, act="asset.restored", kind="restored")
    return asset


def held(session: Session, asset_id: UUID, *, by: Actor) -> Asset:
    """Give an asset locked, to somebody who may change it."""
    require(by, Act.EDIT_ASSET, repository.visible(session, asset_id).area_path)
    return repository.visible(session, asset_id, lock=True)


def ready(
    session: Session, entry: AssetEntry, *, by: Actor, now: datetime
) -> tuple[AssetType, AssetEntry, Where]:
    """Give the kind, the entry as it may be written, and the area it lies in."""
    kind = session.get(AssetType, entry.type_code)
    if kind is None:
        raise Rejected("There is no kind of asset called {code}.", code=entry.type_code[:60])
    fit = checked(entry, geometry=kind.geometry, fields=fields_of(kind.fields), now=now)
    where = repository.where_is(session, fit.place, day=day_of(now))
    if where is None:
        raise Rejected("This place lies in none of our areas. Check longitude and latitude.")
    require(by, Act.EDIT_ASSET, where.path)
    return kind, fit, where


def next_version(session: Session, asset: Asset, *, by: Actor, now: datetime) -> None:
    """Raise the version, signed and dated."""
    asset.version += 1
    sign(asset, by=by, now=now)
    session.flush()  # labels and findings copy the path from the row


def sign(asset: Asset, *, by: Actor, now: datetime) -> None:
    """Note who says so, and since when."""
    asset.changed_at, asset.changed_by, asset.changed_by_name = now, by.id, by.name
