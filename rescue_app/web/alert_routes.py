"""Routes of warnings: the form before the page of one, for programs, for everyone."""

from fastapi import APIRouter

from rescue_app.api import alerts as alerts_api
from rescue_app.api import cap as cap_api
from rescue_app.web import alert_board, alert_form, alerts, cap_out, cap_sources, public_warnings

ROUTERS: tuple[APIRouter, ...] = (
    alerts_api.router,
    cap_api.router,
    alert_form.router,
    cap_sources.router,
    alert_board.router,
    alerts.router,
    public_warnings.router,
    cap_out.router,
)
