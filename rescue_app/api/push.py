"""Web Push over HTTP: the key that browsers ask for, a device allowed, and what it shows."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from gis.errors import Missing
from hazards.calls.program import as_program
from hazards.calls.rules import EventKind
from rescue_app.auth.rules import token_hash
from rescue_app.channels import hearing, push_keys, repository, service
from rescue_app.channels.service import Device
from rescue_app.http.dependencies import Db, Now, SystemDb, Who, token_of

router = APIRouter(prefix="/api/v1/push", tags=["push"])


class KeyOut(BaseModel):
    """The public half of the installation's key."""

    key: str


class Keys(BaseModel):
    """A device's own keys, as browsers name them."""

    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=200)


class DeviceIn(BaseModel):
    """A subscription as browsers write it."""

    endpoint: str = Field(max_length=2000)
    keys: Keys


class ReceiptIn(BaseModel):
    """A device's word about one message, known by an id that only this device was told."""

    id: UUID
    kind: Literal["delivered", "seen"]


@router.get("/key")
def key(db: Db, _: Who, now: Now) -> KeyOut:
    """Give the key that a browser subscribes with; the first who asks has it made."""
    return KeyOut(key=push_keys.public(held_key(db, now)))


@router.post("/devices", status_code=204)
def allow(request: Request, db: Db, who: Who, body: DeviceIn) -> None:
    """Keep this device: its person pressed the button and the browser agreed."""
    signed_in = token_hash(token_of(request) or "")
    agent = request.headers.get("user-agent", "")
    keys = body.keys
    device = Device(body.endpoint, keys.p256dh, keys.auth, signed_in, agent)
    service.add_device(db, device, hosts=request.app.state.settings.push_hosts, by=who)


@router.post("/receipts", status_code=204)
def receive(db: SystemDb, now: Now, body: ReceiptIn) -> None:
    """Keep that a message stood on the screen, or was pressed; neither is an answer."""
    each = repository.held(db, body.id)
    if each is None or each.way == str(each.gateway_id):
        raise Missing("No device was sent a message with this id.")
    hearing.note(db, each, EventKind(body.kind), now, now)


def held_key(session: Session, now: datetime) -> bytes:
    """Give the installation's key."""
    with as_program(session):
        if not push_keys.read(session):
            push_keys.ensure(session, secret=push_keys.make(), now=now)
        return push_keys.read(session)
