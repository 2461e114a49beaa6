"""Every feature's routes; a new feature adds its line here."""

from fastapi import APIRouter

from rescue_app.api import calls as calls_api
from rescue_app.api import cases as cases_api
from rescue_app.api import evacuations as evacuations_api
from rescue_app.api import incidents as incidents_api
from rescue_app.api import levels as levels_api
from rescue_app.api import live as live_api
from rescue_app.api import loans as loans_api
from rescue_app.api import orders as orders_api
from rescue_app.api import plans as plans_api
from rescue_app.api import proposals as proposals_api
from rescue_app.api import wall as wall_api
from rescue_app.http import health, long_addresses
from rescue_app.web import (
    alert_routes,
    cases_bulk,
    code_routes,
    crew_routes,
    evacuations,
    file_routes,
    home,
    households,
    incident_form,
    incident_report,
    lessons,
    levels,
    list_routes,
    loans,
    map_routes,
    monitoring_routes,
    order_changes,
    plans,
    point_routes,
    reach_routes,
    reviews,
    shell,
    sign_in,
    task_routes,
    wall,
)
from rescue_app.web import calls as calls_pages
from rescue_app.web import cases as case_pages
from rescue_app.web import incidents as incident_pages
from rescue_app.web import orders as order_pages
from rescue_app.web import proposals as proposal_pages

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    long_addresses.router,
    *code_routes.FIRST,
    home.router,
    sign_in.router,
    shell.router,
    calls_api.router,
    calls_pages.router,
    *reach_routes.ROUTERS,
    *monitoring_routes.ROUTERS,
    incidents_api.router,
    evacuations_api.router,
    households.router,
    evacuations.router,
    *alert_routes.ROUTERS,
    levels_api.router,
    plans_api.router,
    proposals_api.router,
    wall_api.router,
    wall.router,
    live_api.router,
    orders_api.router,
    loans_api.router,
    loans.router,
    incident_form.router,
    incident_report.router,
    proposal_pages.router,
    incident_pages.router,
    lessons.router,
    levels.router,
    plans.router,
    reviews.router,
    order_pages.router,
    order_changes.router,
    *crew_routes.ROUTERS,
    cases_api.router,
    case_pages.router,
    cases_bulk.router,
    *point_routes.ROUTERS,
    *code_routes.ROUTERS,
    *file_routes.ROUTERS,
    *list_routes.ROUTERS,
    *task_routes.ROUTERS,
    *map_routes.ROUTERS,
)
AT_THE_DOOR = map_routes.FIRST
ROUTES = (*AT_THE_DOOR, *(route for router in ROUTERS for route in router.routes))
"""In their order: where two would answer, the first does."""
