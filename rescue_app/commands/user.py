"""People who may sign in, added from the command line: the first commander comes this way."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from gis.areas import repository as areas
from gis.authority import STAFF, Role
from gis.errors import Missing, Rejected
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app import database
from rescue_app.auth import service as auth
from rescue_app.settings import Settings

app = typer.Typer()
console = Console(highlight=False, soft_wrap=True)


@app.callback()
def people() -> None:
    """People who may sign in."""


@app.command()
def add(
    login: Annotated[str, typer.Argument(help="What the person types to sign in.")],
    *,
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[str, typer.Option(help="One of: " + ", ".join(sorted(STAFF)))],
    area: Annotated[str, typer.Option(help="Code of the person's area, such as 500101.")],
    phone: Annotated[str | None, typer.Option(help="Phone number.")] = None,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Add a person. Without --password it is asked for, and not shown."""
    if role not in set(STAFF):
        raise Rejected(
            "There is no role {role}. Choose one of: {roles}.",
            role=role,
            roles=", ".join(sorted(STAFF)),
        )
    with database.opened(Settings()) as sessions, unit_of_work(sessions, SYSTEM) as session:
        found = areas.by_code(session, area)
        if found is None:
            raise Missing("There is no area with the code {code} today.", code=area)
        path = found.path
        auth.add_account(
            session,
            login=login,
            name=name,
            password=password,
            role=Role(role),
            area_path=path,
            phone=phone,
        )
    console.print(f"{login} may sign in, as {role} of {path}")


@app.command()
def token(
    login: Annotated[str, typer.Argument(help="Whose rights the program gets.")],
    *,
    days: Annotated[int, typer.Option(help="How long the word is good.", min=1, max=3660)] = 365,
) -> None:
    """Give a program such as QGIS the word it signs in with: `Authorization: Bearer <word>`."""
    with database.opened(Settings()) as sessions, unit_of_work(sessions, SYSTEM) as session:
        account = auth.active(session, login)
        now, life = datetime.now(UTC), timedelta(days=days)
        word = auth.begin(session, account, agent="yitong user token", now=now, life=life)
    console.print(word)
