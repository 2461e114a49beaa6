"""From what a camera or a thumb gives to the label and its asset, for whoever looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, Missing
from gis.store.scope import RESIDENT, Scope, enter
from qr_codes import signing
from qr_codes.assets import repository as assets
from qr_codes.assets.models import RiskCode
from qr_codes.assets.rules import IN_FORCE
from rescue_app.http.codes import CodeBook
from rescue_app.http.warned import state_now


@contextmanager
def as_anyone(session: Session, actor: Actor | None) -> Iterator[None]:
    """Look for a moment as a resident does: what hangs in public is public for everyone."""
    if actor is None:  # the session looks so already
        yield
        return
    enter(session, RESIDENT)
    yield
    enter(session, Scope.of(actor))


def look_up(session: Session, book: CodeBook, typed: str, *, actor: Actor | None) -> RiskCode:
    """Give the label a code stands for; Mistyped, Forged or Missing when there is none."""
    book.verify(typed)
    code = signing.tidy(typed)
    label = assets.scanned(session, code)
    if label is None and actor is not None:
        with as_anyone(session, actor):
            label = assets.scanned(session, code)
    if label is None:
        raise Missing("This code is ours, but its label is not in the register. Report it.")
    return label


def on_site(session: Session, book: CodeBook, typed: str, *, actor: Actor | None) -> RiskCode:
    """Give the label that somebody stands before; an ended one proves nothing."""
    label = look_up(session, book, typed, actor=actor)
    if label.state not in IN_FORCE:
        raise Conflict("This label does not hold any more. Scan the one that replaced it.")
    return label


def warned_there(app: Any, label: RiskCode, *, now: datetime) -> str:
    """Give the sign of the warnings where a label hangs, by which its open page follows them."""
    return state_now(app, label.asset.area_path, now)
