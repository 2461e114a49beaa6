"""Routes of warnings: the form before the page of one, and the way for programs."""

from fastapi import APIRouter

from rescue_app.api import alerts as alerts_api
from rescue_app.web import alert_form, alerts

ROUTERS: tuple[APIRouter, ...] = (alerts_api.router, alert_form.router, alerts.router)
