"""All routes of reaching people, for the composition root: interfaces first, then pages."""

from fastapi import APIRouter

from rescue_app.api import gateways as gateways_api
from rescue_app.api import push as push_api
from rescue_app.web import gateways, reach

ROUTERS: tuple[APIRouter, ...] = (
    gateways_api.router,
    push_api.router,
    gateways.router,
    reach.router,
)
