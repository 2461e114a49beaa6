"""From what a camera or a thumb gives to the label and its asset, for whoever looks."""

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Missing
from gis.store.scope import RESIDENT, Scope, enter
from qr_codes import signing
from qr_codes.assets import repository as assets
from qr_codes.assets.models import RiskCode
from rescue_app.http.codes import CodeBook


def look_up(session: Session, book: CodeBook, typed: str, *, actor: Actor | None) -> RiskCode:
    """Give the label a code stands for; Mistyped, Forged or Missing when there is none.

    Somebody signed in elsewhere reads a label like any resident: what hangs in public is public.
    """
    book.verify(typed)
    code = signing.tidy(typed)
    label = assets.scanned(session, code)
    if label is None and actor is not None:
        enter(session, RESIDENT)
        label = assets.scanned(session, code)
        enter(session, Scope.of(actor))
    if label is None:
        raise Missing("This code is ours, but its label is not in the register. Report it.")
    return label
