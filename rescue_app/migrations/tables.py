"""Every module that declares tables; a new feature adds its line here."""

import gis.areas.models
import hazards.calls.models
import hazards.checklists.models
import hazards.duty.models
import hazards.events.models
import hazards.modes.models
import hazards.points.cases.models
import hazards.points.counts
import hazards.points.intake.models
import hazards.points.models
import hazards.tasks.models
import qr_codes.assets.models
import qr_codes.findings.models
import qr_codes.inspections.models
import rescue_app.auth.models
import rescue_app.dispatch.models
import rescue_app.incidents.models
import rescue_app.jobs.models
from gis.store import audit, files, notify

FEATURES = (
    notify,
    audit,
    files,
    gis.areas.models,
    rescue_app.auth.models,
    hazards.points.models,
    hazards.points.intake.models,
    hazards.points.counts,
    hazards.points.cases.models,
    hazards.events.models,
    hazards.checklists.models,
    hazards.duty.models,
    hazards.modes.models,
    hazards.tasks.models,
    hazards.calls.models,
    rescue_app.incidents.models,
    rescue_app.dispatch.models,
    qr_codes.assets.models,
    qr_codes.findings.models,
    qr_codes.inspections.models,
    rescue_app.jobs.models,
)
