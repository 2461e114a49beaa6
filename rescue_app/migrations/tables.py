"""Every module that declares tables; a new feature adds its line here."""

from importlib import import_module

NAMES = (
    "gis.store.notify",
    "gis.store.audit",
    "gis.store.files",
    "gis.areas.models",
    "gis.water",
    "rescue_app.auth.models",
    "hazards.points.models",
    "gis.intake.models",
    "hazards.points.counts",
    "hazards.points.cases.models",
    "hazards.events.models",
    "hazards.checklists.models",
    "hazards.duty.models",
    "hazards.modes.models",
    "hazards.conflicts.models",
    "hazards.tasks.models",
    "hazards.calls.models",
    "rescue_app.incidents.models",
    "rescue_app.levels.models",
    "rescue_app.plans.models",
    "rescue_app.dispatch.models",
    "qr_codes.assets.models",
    "qr_codes.findings.models",
    "qr_codes.evaluation.models",
    "qr_codes.inspections.models",
    "qr_codes.measures.models",
    "qr_codes.packs.models",
    "qr_codes.stores.models",
    "qr_codes.tracks.models",
    "qr_codes.traffic.models",
    "rescue_app.jobs.models",
    "rescue_app.views.models",
)
FEATURES = tuple(import_module(name) for name in NAMES)
