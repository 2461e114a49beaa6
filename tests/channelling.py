"""Gateways and their messages for tests."""

import base64
import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import http_ece
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls import worker
from rescue_app.channels import hearing, push_keys, repository, sending, service
from rescue_app.channels.hearing import Result
from rescue_app.channels.lanes import Lanes
from rescue_app.channels.models import Delivery, Gateway, GatewaySecret
from rescue_app.channels.rules import GatewayKind
from rescue_app.channels.sending import Post
from rescue_app.channels.service import GatewayDraft
from rescue_app.channels.ways import EveryWay
from rescue_app.dispatch import laying
from tests.calling import START
from tests.cast import Cast

KEY = push_keys.make()
POST = Post(public_url="https://yitong.example", push_contact="mailto:duty@yitong.example")


@dataclass
class Phones:
    """The platform's side of gateways in a test: set up, sent, heard."""

    sessions: Sessions
    cast: Cast
    made: dict[str, UUID] = field(default_factory=dict)

    def gateway(
        self, name: str, url: str, *, kind: GatewayKind = GatewayKind.WEBHOOK, who: str = "city"
    ) -> UUID:
        actor = self.cast.actor(who)
        with unit_of_work(self.sessions, Scope.of(actor)) as session:
            draft = GatewayDraft(name, kind, url)
            self.made[name] = service.keep_gateway(session, draft, by=actor).id
        return self.made[name]

    def tick(self, now: datetime, lanes: Lanes | None = None) -> None:
        """Climb, hand out, send: what the worker does in a second."""
        laying.lay_out(self.sessions, now=now)
        worker.tick(self.sessions, now=now, ways=EveryWay())
        sending.tick(self.sessions, POST, clock=lambda: now, lanes=lanes)

    def sent(self) -> list[Delivery]:
        with unit_of_work(self.sessions, SYSTEM) as session:
            query = select(Delivery).order_by(Delivery.queued_at, Delivery.channel, Delivery.phone)
            return list(session.scalars(query))

    def row(self, name: str) -> Gateway:
        with unit_of_work(self.sessions, SYSTEM) as session:
            return session.get_one(Gateway, self.made[name])

    def secret(self, name: str) -> GatewaySecret:
        with unit_of_work(self.sessions, SYSTEM) as session:
            return session.get_one(GatewaySecret, self.made[name])

    def hears(self, name: str, *events: dict[str, Any], now: datetime = START) -> list[Result]:
        with unit_of_work(self.sessions, SYSTEM) as session:
            gateway = repository.gateway(session, self.made[name])
            assert gateway is not None
            return hearing.hear(session, gateway, events, now=now)


def give_phone(sessions: Sessions, cast: Cast, who: str, phone: str) -> None:
    with unit_of_work(sessions, SYSTEM) as session:
        account = session.merge(cast.accounts[who])
        account.phone = phone
    cast.accounts[who].phone = phone


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Device:
    """A browser's side of a subscription."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint, self.auth = endpoint, os.urandom(16)
        self.private = ec.generate_private_key(ec.SECP256R1())

    @property
    def keys(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(
            form.Encoding.X962, form.PublicFormat.UncompressedPoint
        )
        return {"p256dh": text(point), "auth": text(self.auth)}

    def as_json(self) -> dict[str, Any]:
        return {"endpoint": self.endpoint, "keys": self.keys}

    def read(self, note: dict[str, Any]) -> dict[str, str]:
        """Open what the push service was given for this device."""
        sealed = note["body"].encode("latin-1")
        opened = http_ece.decrypt(sealed, private_key=self.private, auth_secret=self.auth)
        found: dict[str, str] = json.loads(opened)
        return found
