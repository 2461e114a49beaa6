"""Let the demo people's maps of where it may happen be drawn: by the worker, after the start."""

from sqlalchemy.orm import Session

from hazards.susceptibility.rules import Asked
from rescue_app import susceptibility_map
from rescue_app.auth import repository as accounts

SIDES_M = {"planner": 500, "city": 1_000}
"""How wide the cells of whose map are."""


def ask(session: Session) -> None:
    """Ask for the maps as these people would."""
    for login, side_m in SIDES_M.items():
        account = accounts.by_login(session, login)
        if account is not None:
            susceptibility_map.ask(session, Asked("geological", side_m), by=account.as_actor())
