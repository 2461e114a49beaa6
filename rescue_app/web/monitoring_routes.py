"""All routes of monitoring, for the composition root: the way in for readings, then pages."""

from fastapi import APIRouter

from rescue_app.api import readings as readings_api
from rescue_app.api import sensorthings
from rescue_app.api import sightings as sightings_api
from rescue_app.web import (
    backtest,
    feeds,
    marks,
    monitoring,
    side_by_side,
    sightings,
    sightings_acts,
    warning_rules,
)

ROUTERS: tuple[APIRouter, ...] = (
    readings_api.router,
    sensorthings.router,
    sightings_api.router,
    sightings.router,
    sightings_acts.router,
    side_by_side.router,
    monitoring.router,
    backtest.router,
    marks.router,
    warning_rules.router,
    feeds.router,
)
