"""Every feature's routes; a new feature adds its line here."""

from fastapi import APIRouter

from rescue_app.api import incidents as incidents_api
from rescue_app.api import jobs as jobs_api
from rescue_app.api import live as live_api
from rescue_app.api import orders as orders_api
from rescue_app.api import points as points_api
from rescue_app.api import tiles as tiles_api
from rescue_app.http import health
from rescue_app.web import code_routes, shell, sign_in
from rescue_app.web import map as map_page

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    sign_in.router,
    shell.router,
    map_page.router,
    incidents_api.router,
    jobs_api.router,
    live_api.router,
    orders_api.router,
    points_api.router,
    tiles_api.router,
    *code_routes.ROUTERS,
)
