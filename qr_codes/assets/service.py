"""Verbs of labels: issue, replace, mount, report damage, revoke."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, require
from gis.errors import Conflict, Rejected
from gis.store import audit, files
from gis.store.files import StoredFile
from gis.store.notify import announce
from hazards.checklists.rules import bounded
from qr_codes import signing
from qr_codes.assets import repository
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.assets.rules import IN_FORCE, LONGEST_WORDS, CodeState, moved
from qr_codes.signing import Content, KeyRing

PHOTO = "asset"
"""Kind of a file that shows an asset."""


def issue(
    session: Session,
    *,
    asset_id: UUID,
    ring: KeyRing,
    by: Actor,
    now: datetime,
    hangs_at: str = "",
    reason: str = "",
) -> RiskCode:
    """Give an asset its next label; the one before it becomes `replaced`."""
    require(by, Act.ISSUE_CODE, repository.visible(session, asset_id).area_path)
    asset = repository.visible(session, asset_id, lock=True)
    if asset.retired_at is not None:
        raise Conflict("This asset is out of use. Bring it back into use first.")
    before = repository.labels_of(session, asset.id)
    old = next((one for one in before if one.state in IN_FORCE), None)
    if old is not None:
        old.state = moved(CodeState(old.state), CodeState.REPLACED)
        old.replaced_at = now
        old.reason = bounded(reason, most=LONGEST_WORDS)
        session.flush()  # only one label may be in force
    number = before[0].issue + 1 if before else 1
    made = RiskCode(
        asset_id=asset.id,
        issue=number,
        code=signing.sign(ring, Content(asset.number, number)),
        key_id=ring.current,
        state=CodeState.PRINTED,
        area_path=asset.area_path,
        hangs_at=bounded(hangs_at, most=LONGEST_WORDS),
        printed_at=now,
    )
    session.add(made)
    act = "code.replaced" if old else "code.issued"
    tell(session, asset, act=act, kind="labelled", issue=number, reason=reason)
    return made


def mount(session: Session, label: RiskCode, *, asset: Asset, place: Point, now: datetime) -> None:
    """Note where a label was first scanned on site; a label that hangs already stays as it is."""
    if label.state != CodeState.PRINTED:
        return
    label.state = CodeState.MOUNTED
    label.mounted_at = now
    label.mounted_place = place
    tell(session, asset, act="code.mounted", kind="labelled", issue=label.issue)


def report_damage(
    session: Session, *, code_id: UUID, by: Actor, now: datetime, reason: str = ""
) -> RiskCode:
    """Note that a label is damaged: it still holds, and waits for its successor."""
    require(by, Act.INSPECT, repository.seen_label(session, code_id).area_path)
    label = repository.label(session, code_id)
    label.state = moved(CodeState(label.state), CodeState.DAMAGED)
    label.damaged_at = now
    label.reason = bounded(reason, most=LONGEST_WORDS)
    asset = repository.visible(session, label.asset_id)
    tell(session, asset, act="code.damaged", kind="labelled", issue=label.issue, reason=reason)
    return label


def revoke(session: Session, *, code_id: UUID, by: Actor, now: datetime, reason: str) -> RiskCode:
    """End a label that must not be trusted any more, and say why."""
    require(by, Act.ISSUE_CODE, repository.seen_label(session, code_id).area_path)
    label = repository.label(session, code_id)
    said = bounded(reason, most=LONGEST_WORDS)
    if not said:
        raise Rejected("Say why this label is revoked: whoever scans it will read it.")
    label.state = moved(CodeState(label.state), CodeState.REVOKED)
    label.revoked_at = now
    label.reason = said
    asset = repository.visible(session, label.asset_id)
    tell(session, asset, act="code.revoked", kind="labelled", issue=label.issue, reason=said)
    return label


def add_photos(
    session: Session, *, asset_id: UUID, file_ids: Sequence[UUID], by: Actor
) -> list[StoredFile]:
    """Let pictures that somebody sent show an asset; the same ones again change nothing."""
    asset = repository.visible(session, asset_id)
    require(
        by,
        Act.INSPECT if may(by, Act.INSPECT, asset.area_path) else Act.EDIT_ASSET,
        asset.area_path,
    )
    if not file_ids:
        raise Rejected("Choose a photo first.")
    there = {file.id for file in files.attached(session, PHOTO, [asset.id])[asset.id]}
    kept = files.attach(
        session, file_ids, kind=PHOTO, ref=asset.id, area_path=asset.area_path, by=by
    )
    if not all(file.is_picture for file in kept):
        raise Rejected("Only pictures show an asset. Choose photos.")
    if fresh := [file_id for file_id in file_ids if file_id not in there]:
        tell(session, asset, act="asset.photographed", kind="changed", files=fresh)
    return kept


def tell(session: Session, asset: Asset, *, act: str, kind: str, **facts: object) -> None:
    """Write the audit line and tell live pages."""
    area = asset.area_path
    audit.record(session, act=act, subject=asset.id, area_path=area, name=asset.name, **facts)
    announce(session, topic="asset", kind=kind, ref=asset.id, area_path=area)
