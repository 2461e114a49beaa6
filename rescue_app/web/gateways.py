"""Pages of gateways: how each is doing, setting one up, its key shown once."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, require
from gis.errors import Rejected
from gis.store.base import new_id
from hazards.calls.program import as_program
from rescue_app.channels import repository, service
from rescue_app.channels.rules import GatewayKind
from rescue_app.channels.service import GatewayDraft
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
LATELY = timedelta(hours=24)


class GatewayForm(BaseModel):
    """A gateway as a browser sends it."""

    id: UUID = Field(default_factory=new_id)
    name: str = ""
    kind: GatewayKind = GatewayKind.WEBHOOK
    url: str = ""
    needs_phone: bool = False
    active: bool = False

    def draft(self) -> GatewayDraft:
        """Give it as the service takes it."""
        return GatewayDraft(**self.model_dump())


Sent = Annotated[GatewayForm, Form()]


@router.get("/gateways", name="gateways")
def show(request: Request, db: Db, who: Who, now: Now) -> Response:
    """Show every gateway and how it is doing."""
    return page(request, "channels/gateways.html", section="calls", **facts(db, who, now))


@router.post("/gateways")
def keep(request: Request, db: Db, who: Who, now: Now, form: Sent) -> Response:
    """Set one up or change it, or show the form again with what is wrong."""
    try:
        service.keep_gateway(db, form.draft(), by=who)
    except Rejected as problem:
        told = facts(db, who, now) | {"typed": form, "problem": said(request, problem)}
        return page(request, "channels/gateways.html", status=422, section="calls", **told)
    return back(request, "Saved. The next message tells whether it works.")


@router.post("/gateways/{gateway_id}/key")
def renew(request: Request, db: Db, who: Who, now: Now, gateway_id: UUID) -> Response:
    """Make the key anew and show it this once."""
    key_id, key = service.new_signing_key(db, gateway_id, by=who)
    told = facts(db, who, now) | {"made": {"id": gateway_id, "key_id": key_id, "key": key}}
    shown = page(request, "channels/gateways.html", section="calls", **told)
    shown.headers["cache-control"] = "no-store"
    return shown


@router.post("/gateways/{gateway_id}/remove")
def remove(request: Request, db: Db, who: Who, gateway_id: UUID) -> Response:
    """Take a gateway out."""
    service.remove_gateway(db, gateway_id, by=who)
    return back(request, "Removed. People are reached by their other ways.")


def facts(session: Session, who: Actor, now: datetime) -> dict[str, Any]:
    """Read what the page shows."""
    require(who, Act.MANAGE_PEOPLE, who.area_path)
    found = repository.gateways(session, active_only=False)
    mine = {each.id for each in found if may(who, Act.MANAGE_GATEWAYS, each.area_path)}
    with as_program(session):
        counts = repository.waiting(session, now - LATELY)
    return {
        "gateways": found,
        "mine": mine,
        "counts": counts,
        "refused": {each: repository.refused(session, each) for each in mine},
        "manages": may(who, Act.MANAGE_GATEWAYS, who.area_path),
        "typed": GatewayForm(needs_phone=True, active=True),
        "problem": "",
        "made": None,
    }


def said(request: Request, problem: Rejected) -> str:
    """Say a problem in the reader's language."""
    return say(request, problem.text, **problem.values)


def back(request: Request, text: str) -> Response:
    """Go back to the page and say there what was done."""
    return flash.say(RedirectResponse("/gateways", 303), say(request, text))
