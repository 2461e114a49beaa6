"""Every module that declares jobs; a feature with a new one adds its line here."""

FEATURES: tuple[object, ...] = ()
