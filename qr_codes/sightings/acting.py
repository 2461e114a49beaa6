"""Sends somebody to what cameras saw, once: to the asset nearby, or else by a proposed warning."""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid5

from shapely import MultiPolygon, Polygon
from sqlalchemy.orm import Session

from gis import crs
from gis.store import audit
from gis.store.scope import PROGRAM
from hazards.alerts import service as alerts
from hazards.alerts.rules import AlertDraft, Source
from qr_codes.assets import repository as assets
from qr_codes.findings import service as findings
from qr_codes.findings.repository import FROM_VIDEO
from qr_codes.findings.service import Defect, Seen
from qr_codes.sightings import repository, rules
from qr_codes.sightings.models import Sighting, SightingKind
from qr_codes.sightings.rules import ACTED, Event, Outcome

LONGEST = 200
HOLDS = timedelta(hours=3)
"""How long a proposed warning holds; whoever approves it may write another time."""


def act(
    session: Session, kind: SightingKind, sighting: Sighting, event: Event, *, now: datetime
) -> None:
    """Send somebody, once: to the asset nearby, or else by a warning that waits for approval."""
    if sighting.outcome in ACTED:
        return
    why = rules.unacted(sighting.confidence, least=kind.confidence, at=sighting.last_at, now=now)
    if why is not None:
        sighting.outcome = why
        return
    asset_id = repository.asset_near(session, sighting.place, within_m=kind.near_m)
    if asset_id is not None:
        sighting.finding_id = _find(session, kind, asset_id, event, now=now)
        sighting.outcome = Outcome.FINDING
    else:
        sighting.alert_id = _propose(session, kind, sighting, now=now)
        sighting.outcome = Outcome.ALERT
    audit.record(session, act=f"sighting.{sighting.outcome}", subject=sighting.id,
                 area_path=sighting.area_path, kind=kind.code)  # fmt: skip


def _find(
    session: Session, kind: SightingKind, asset_id: UUID, event: Event, *, now: datetime
) -> UUID:
    asset = assets.visible(session, asset_id, lock=True)
    note = " · ".join(word for word in (event.camera, event.words) if word)[:LONGEST]
    defect = Defect(FROM_VIDEO, kind.code, kind.name_zh, kind.name_en, "", kind.grade,
                    stop=False, note=note)  # fmt: skip
    seen = Seen(by=PROGRAM, done_at=min(event.at, now), received_at=now, inspection_id=None)
    finding, _ = findings.see(session, asset=asset, defect=defect, seen=seen)
    return finding.id


def _propose(session: Session, kind: SightingKind, sighting: Sighting, *, now: datetime) -> UUID:
    around = cast(Polygon, crs.buffer(sighting.place, radius_m=kind.apart_m))
    camera = sighting.camera or "-"
    draft = AlertDraft(
        id=uuid5(sighting.id, "alert"), colour=kind.colour, hazard_type=kind.hazard,
        expires_at=now + HOLDS, drawn=MultiPolygon([around]), source=Source.RULE,
        source_ref=f"{FROM_VIDEO}:{sighting.id}",
        why=f"视频识别：{kind.name_zh}（{camera}） · video: {kind.name_en} ({camera}),"
            f" {sighting.confidence:.0%}",
    )  # fmt: skip
    return alerts.propose(session, draft=draft, by=PROGRAM, now=now).id
