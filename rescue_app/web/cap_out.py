"""Warnings as CAP 1.2 messages and the Atom feeds of them, for other programs without sign-in.

Made once for all readers and answered from memory, like the page. Drills have a feed of their
own, so that no program which does not look at `status` takes one for real.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gis.errors import Missing
from hazards.alerts import service
from hazards.cap import outgoing, writing
from hazards.cap.rules import Sender
from hazards.cap.writing import Notice
from rescue_app.http.dependencies import Db, Who
from rescue_app.http.warned import Warned
from rescue_app.web.public_warnings import ATOM, current, home, known
from rescue_app.web.render import language, page

router = APIRouter(include_in_schema=False)
CAP = "application/cap+xml"


@router.get("/warnings/cap.atom", name="cap_feed")
async def real_ones(request: Request) -> Response:
    """Give the messages that stand, as a feed of links."""
    return feed(request, await current(request), drills=False)


@router.get("/warnings/drills.atom", name="cap_drills")
async def drills(request: Request) -> Response:
    """Give the messages of drills, for whoever takes part."""
    return feed(request, await current(request), drills=True)


@router.get("/warnings/cap/{identifier}.xml", name="cap_message")
async def message(request: Request, identifier: str) -> Response:
    """Give one message."""
    warned = await current(request)
    name = f"cap {identifier}"
    if name not in warned.pages:
        warned.pages[name] = written(request, warned, identifier)
    return known(request, warned.pages[name], CAP)


@router.get("/alerts/{alert_id}/cap.xml", name="alert_cap")
def of_alert(request: Request, db: Db, _: Who, alert_id: UUID) -> Response:
    """Show what goes out, or would go out once it is approved."""
    notice, kinds = outgoing.of_alert(db, service.visible(db, alert_id))
    said = writing.message(notice, kinds=kinds, sender=sender(request))
    return Response(writing.xml(said), media_type=CAP)


def feed(request: Request, warned: Warned, *, drills: bool) -> Response:
    """Answer with a feed from memory."""
    name = f"{'drills' if drills else 'cap'}.atom {language(request)}"
    if name not in warned.pages:
        request.state.actor = None  # the same for everyone
        entries = [one for one in warned.messages.notices if one.told.is_drill is drills]
        facts: dict[str, Any] = {"entries": entries, "sender": sender(request), "drills": drills}
        facts |= {"home": home(request), "changed_at": max_sent(entries, warned.changed_at)}
        warned.pages[name] = bytes(page(request, "public/cap.xml", **facts).body)
    return known(request, warned.pages[name], ATOM)


def max_sent(entries: list[Notice], otherwise: datetime) -> datetime:
    """Give when the newest message went out."""
    return max((one.sent.sent_at for one in entries), default=otherwise).astimezone(UTC)


def written(request: Request, warned: Warned, identifier: str) -> bytes:
    """Write the message of this name out, if it stands."""
    name = sender(request)
    for one in warned.messages.notices:
        if name.identifier(one.sent) == identifier:
            said = writing.message(one, kinds=warned.messages.kinds, sender=name)
            return writing.xml(said)
    raise Missing("There is no such message, or it has been over for a day.")


def sender(request: Request) -> Sender:
    """Give in whose name this installation sends."""
    settings = request.app.state.settings
    return Sender(settings.sender, settings.cap_unit, home(request))
