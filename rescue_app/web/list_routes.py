"""The routes of lists: what is looked at, and who is responsible."""

from fastapi import APIRouter

from rescue_app.web import checklists, duty

ROUTERS: tuple[APIRouter, ...] = (checklists.router, duty.router)
