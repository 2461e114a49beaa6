"""Routes of the map: its page, panel, search, kept views, and the way to it for programs."""

from fastapi import APIRouter

from rescue_app.api import chains as chains_api
from rescue_app.api import exposure as exposure_api
from rescue_app.api import places as places_api
from rescue_app.api import tilejson, tiles
from rescue_app.api import views as views_api
from rescue_app.web import chains, chains_print, exposure, map_inside, map_panel, station_panel
from rescue_app.web import map as map_page

FIRST = tiles.ROUTES

ROUTERS: tuple[APIRouter, ...] = (
    map_page.router,
    map_panel.router,
    map_inside.router,
    station_panel.router,
    exposure_api.router,
    exposure.router,
    chains_api.router,
    chains_print.router,
    chains.router,
    places_api.router,
    views_api.router,
    tilejson.router,
)
