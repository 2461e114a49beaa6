"""All routes of the one code, for the composition root: interfaces first, then pages."""

from rescue_app.api import assets as assets_api
from rescue_app.api import assets_export, assets_links
from rescue_app.api import codes as codes_api
from rescue_app.api import conflicts as conflicts_api
from rescue_app.api import coverage as coverage_api
from rescue_app.api import findings as findings_api
from rescue_app.api import inspections as inspections_api
from rescue_app.api import packs as packs_api
from rescue_app.api import tracks as tracks_api
from rescue_app.api import traffic as traffic_api
from rescue_app.web import (
    assets,
    assets_registry,
    conflicts,
    coverage,
    evaluation,
    finding_point,
    finding_site,
    findings,
    labels,
    measures,
    reports,
    scan,
    scan_damage,
    scanner,
    stores,
    stores_import,
    tracks,
    traffic,
    unscanned,
)

FIRST = (scan.router, inspections_api.router)
"""Before all others: looking through every router for the page behind a code was a fifth of it."""
ROUTERS = (
    assets_export.router,  # before /assets/{asset_id}
    assets_api.router,
    assets_links.router,
    conflicts_api.router,
    conflicts.router,
    coverage_api.router,
    coverage.router,
    labels.router,
    codes_api.router,
    findings_api.router,
    packs_api.router,
    scan_damage.router,
    scanner.router,
    tracks_api.router,
    tracks.router,
    traffic_api.router,
    finding_site.router,
    reports.router,
    measures.router,
    stores_import.router,  # before /stores/{store_id}
    stores.router,
    traffic.router,
    unscanned.router,  # before /assets/{asset_id}
    assets_registry.router,  # before /assets/{asset_id}
    assets.router,
    evaluation.router,  # before /findings/{finding_id}
    finding_point.router,
    findings.router,
)
