"""Verbs of traffic: plan a detour, close an asset, reopen it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from hazards.checklists.rules import bounded
from qr_codes.assets import repository as assets
from qr_codes.assets.models import Asset
from qr_codes.assets.service import tell
from qr_codes.traffic import repository, rules
from qr_codes.traffic.models import AssetClosure, TrafficPlan
from qr_codes.traffic.rules import ClosureDraft, PlanDraft


def plan(
    session: Session,
    *,
    asset_id: UUID,
    plan_id: UUID,
    seen_version: int,
    draft: PlanDraft,
    by: Actor,
    now: datetime,
) -> TrafficPlan:
    """Lay down how traffic is led, in view of the plan that was seen; the same id twice is once."""
    asset = in_use(session, asset_id, by=by, act=Act.EDIT_ASSET)
    known = session.get(TrafficPlan, plan_id)
    if known is not None:
        return known
    said = rules.checked_plan(draft)
    before = repository.plan_of(session, asset.id)
    version = before.version if before else 0
    if version != seen_version:
        raise Conflict("The plan was changed meanwhile. Load the page again and enter yours anew.")
    made = TrafficPlan(
        id=plan_id,
        asset_id=asset.id,
        version=version + 1,
        area_path=asset.area_path,
        stops=[{"lon": one.place.x, "lat": one.place.y, "name": one.name} for one in said.stops],
        detour=said.detour,
        words=said.words,
        closer=said.closer,
        closer_phone=said.closer_phone,
        made_at=now,
        made_by=by.id,
        made_by_name=by.name,
    )
    session.add(made)
    tell(session, asset, act="asset.traffic_planned", kind="changed", version=made.version)
    return made


def close(
    session: Session,
    *,
    asset_id: UUID,
    closure_id: UUID,
    draft: ClosureDraft,
    by: Actor,
    now: datetime,
) -> AssetClosure:
    """Close an asset to traffic; the same id twice is once, and what is closed stays as it is."""
    asset = in_use(session, asset_id, by=by, act=Act.CLOSE_ASSET)
    known = session.get(AssetClosure, closure_id)
    if known is not None:
        return known
    if repository.closure_of(session, asset.id) is not None:
        raise Conflict("It is closed already. Load the page again to see since when and by whom.")
    said = rules.checked_closure(draft, now=now)
    made = AssetClosure(
        id=closure_id,
        asset_id=asset.id,
        area_path=asset.area_path,
        unit=said.unit or asset.owner_unit,
        reason=said.reason,
        closed_at=now,
        closed_by=by.id,
        closed_by_name=by.name,
        expected_at=said.expected_at,
        reopened_by_name="",
        reopened_note="",
    )
    session.add(made)
    tell(session, asset, act="asset.closed", kind="closed", reason=said.reason)
    return made


def reopen(
    session: Session, *, closure_id: UUID, note: str, by: Actor, now: datetime
) -> AssetClosure:
    """Give an asset back to traffic; reopened twice is reopened once."""
    query = select(AssetClosure).where(AssetClosure.id == closure_id).with_for_update()
    closure = session.scalar(query)
    if closure is None:
        raise Conflict("This closure is not there. Load the page again.")
    asset = assets.visible(session, closure.asset_id)
    require(by, Act.REOPEN_ASSET, asset.area_path)
    if closure.reopened_at is None:
        closure.reopened_at = now
        closure.reopened_by, closure.reopened_by_name = by.id, by.name
        closure.reopened_note = bounded(note, most=rules.LONGEST_WORDS)
        tell(session, asset, act="asset.reopened", kind="reopened", note=closure.reopened_note)
    return closure


def in_use(session: Session, asset_id: UUID, *, by: Actor, act: Act) -> Asset:
    """Give an asset, held until the commit, for somebody who may do this to it."""
    require(by, act, assets.visible(session, asset_id).area_path)
    asset = assets.visible(session, asset_id, lock=True)
    if asset.retired_at is not None:
        raise Conflict("This asset is out of use. Bring it back into use first.")
    return asset
