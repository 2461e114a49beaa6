"""Routes of crews and their members: their pages, and the addresses that their phones send to."""

from fastapi import APIRouter

from rescue_app.api import members as members_api
from rescue_app.api import site as site_api
from rescue_app.web import crew, members, site

ROUTERS: tuple[APIRouter, ...] = (
    site_api.router,
    members_api.router,
    site.router,
    members.router,
    crew.router,
)
