"""What stands on an asset's page: facts, labels, findings, visits, links and traffic."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from gis.store import files
from gis.store.base import new_id
from hazards.checklists import repository as checklists
from hazards.conflicts import repository as conflicts
from hazards.modes import repository as modes
from qr_codes.assets import history, linking, repository, service
from qr_codes.assets.fields import fields_of
from qr_codes.assets.models import Asset
from qr_codes.findings import repository as findings
from qr_codes.inspections import repository as inspections
from qr_codes.traffic import repository as traffic
from rescue_app.web.point_lists import asked_here
from rescue_app.web.scan_roles import way_of
from rescue_app.web.visit_photos import by_visit


def about(db: Session, asset: Asset, actor: Actor, now: datetime) -> dict[str, Any]:
    """Gather what stands on an asset's page."""
    found, _ = findings.listing(db, findings.Wanted(asset_id=asset.id))
    closures = traffic.closures_of(db, asset.id)
    standing = next((one for one in closures if one.reopened_at is None), None)
    subject = f"asset:{asset.type_code}"
    visits = inspections.latest(db, asset.id)
    return {
        "asset": asset,
        "fields": fields_of(asset.type.fields),
        "steps": list(history.steps(asset, repository.versions(db, asset.id))),
        "photos": files.attached(db, service.PHOTO, [asset.id])[asset.id],
        "links": linking.of_asset(db, asset.id),
        "way": way_of(db, asset, standing, always=True),
        "closures": closures,
        "closure_id": new_id(),
        "may_close": may(actor, Act.CLOSE_ASSET, asset.area_path),
        "may_reopen": may(actor, Act.REOPEN_ASSET, asset.area_path),
        "relations": linking.relations(db),
        "ratings": repository.ratings(db, asset.id),
        "checklists": checklists.by_mode(db, subject, area_path=asset.area_path),
        "asked_in": modes.mode_at(db, asset.area_path, now),
        "may_edit": may(actor, Act.EDIT_ASSET, asset.area_path),
        "labels": repository.labels_of(db, asset.id),
        "label": repository.in_force(db, asset.id),
        "findings": found,
        "visits": visits,
        "asked_here": asked_here(db, asset.id),
        "now": now,
        "seen": by_visit(db, visits),
        "aside": conflicts.asides(db, [one.id for one in visits]),
        "may_issue": may(actor, Act.ISSUE_CODE, asset.area_path),
        "may_inspect": may(actor, Act.INSPECT, asset.area_path),
    }
