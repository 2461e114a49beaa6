"""The routes of lists: what is looked at, and who is responsible."""

from fastapi import APIRouter

from rescue_app.web import checklists, crews, duty, duty_turns, xlsforms

ROUTERS: tuple[APIRouter, ...] = (
    xlsforms.router,
    checklists.router,
    duty_turns.router,  # before /duty/{row_id}
    duty.router,
    crews.router,
)
