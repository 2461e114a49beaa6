"""All routes of tasks and modes, for the composition root: interfaces first, then pages."""

from rescue_app.api import modes as modes_api
from rescue_app.api import tasks as tasks_api
from rescue_app.web import installing, modes, round_page, rounds, task_board

ROUTERS = (
    modes_api.router,
    tasks_api.router,
    installing.router,
    modes.router,
    task_board.router,
    round_page.router,
    rounds.router,
)
