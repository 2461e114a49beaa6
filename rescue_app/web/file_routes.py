"""Routes of files and of the long work that reads and writes them."""

from fastapi import APIRouter

from rescue_app.api import files as files_api
from rescue_app.api import jobs as jobs_api
from rescue_app.web import exports, imports, jobs

ROUTERS: tuple[APIRouter, ...] = (
    files_api.router,
    jobs_api.router,
    exports.router,
    imports.router,
    jobs.router,
)
