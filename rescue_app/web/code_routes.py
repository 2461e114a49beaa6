"""All routes of the one code, for the composition root: interfaces first, then pages."""

from rescue_app.api import assets, codes, findings, inspections

ROUTERS = (assets.router, codes.router, findings.router, inspections.router)
