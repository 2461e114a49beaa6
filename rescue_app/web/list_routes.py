"""The routes of lists: what is looked at, and who is responsible."""

from fastapi import APIRouter

from rescue_app.web import checklists, crews, duty, xlsforms

ROUTERS: tuple[APIRouter, ...] = (
    xlsforms.router,
    checklists.router,
    duty.router,
    crews.router,
)
