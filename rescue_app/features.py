"""Every module that declares jobs; a feature with a new one adds its line here."""

import rescue_app.exports

FEATURES: tuple[object, ...] = (rescue_app.exports,)
