"""Every module that declares jobs; a feature with a new one adds its line here."""

import rescue_app.exports
import rescue_app.imports
import rescue_app.labels

FEATURES: tuple[object, ...] = (rescue_app.exports, rescue_app.imports, rescue_app.labels)
