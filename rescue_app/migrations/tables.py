"""Every module that declares tables; a new feature adds its line here."""

import gis.areas.models
import gis.store.audit
import gis.store.notify
import hazards.events.models
import hazards.points.models
import rescue_app.auth.models

FEATURES = (
    gis.store.notify,
    gis.store.audit,
    gis.areas.models,
    rescue_app.auth.models,
    hazards.points.models,
    hazards.events.models,
)
