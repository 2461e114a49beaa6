"""The routes of lists."""

from fastapi import APIRouter

from rescue_app.web import checklists

ROUTERS: tuple[APIRouter, ...] = (checklists.router,)
