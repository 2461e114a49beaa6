"""Answers by SMS digit: a gateway that brings them late, twice, and from wrong numbers."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from hazards.calls.models import CallEvent
from rescue_app.channels import signing
from rescue_app.channels.models import Delivery, Gateway, GatewaySecret
from tests.faults.fate import Fates
from tests.faults.phone import AGAIN_S, Unheard, ask

STRANGER = "13999999999"
WORDS = ("1", "收到", "2 路断了")


@dataclass
class Said:
    """A digit that somebody pressed; `kept` once the platform took it."""

    id: str
    message: UUID
    wrong: bool
    kept: bool | None = None


@dataclass
class Thumbs:
    """Presses digits in answer to some of the messages that the gateway is given."""

    port: int
    fates: Fates
    gateway: Gateway
    secret: GatewaySecret
    said: list[Said] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    doing: set[asyncio.Task[None]] = field(default_factory=set)

    def hear(self, told: dict[str, Any]) -> None:
        """Answer one in five messages, by its own dice: the same message has the same fate."""
        mark = self.fates.mark("digit", told["to"]["phone"])
        dice = self.fates.of(mark)
        if dice.random() < 0.2:
            self.doing.add(asyncio.create_task(self._press(told, mark, dice)))

    @property
    def still(self) -> bool:
        """Nobody is about to press anything."""
        return all(one.done() for one in self.doing)

    async def _press(self, told: dict[str, Any], mark: str, dice: Random) -> None:
        fate = dice.choice(("at once", "late", "twice", "wrong"))
        await asyncio.sleep(dice.uniform(2, 5) if fate == "late" else dice.uniform(0, 0.5))
        wrong = fate == "wrong"
        one = Said(str(self.fates.number(mark)), UUID(told["id"]), wrong)
        self.said.append(one)
        phone = STRANGER if wrong else told["to"]["phone"]
        event = {"id": one.id, "type": "answer", "message": told["id"], "from": phone,
                 "text": dice.choice(WORDS)}  # fmt: skip
        sends = 2 if fate == "twice" else 1
        marks = [f"{mark} sent {number}" for number in range(sends)]
        await asyncio.gather(*(self._send(one, event, mark) for mark in marks))

    async def _send(self, one: Said, event: dict[str, Any], mark: str) -> None:
        body = {"events": [event]}
        tries = 0
        while True:
            try:
                status, told = await ask(
                    self.port, "POST", f"/api/v1/gateways/{self.gateway.id}/events", "", body,
                    headers=self._signed(json.dumps(body).encode()), mark=f"{mark} try {tries}",
                )  # fmt: skip
            except Unheard:
                status = 503
            if status < 500:
                break
            tries += 1
            await asyncio.sleep(AGAIN_S[min(tries, len(AGAIN_S)) - 1])
        if status != 200:
            self.errors.append(f"a digit was answered {status}")
            return
        outcome = told["results"][0]["outcome"]
        one.kept = one.kept or outcome == "kept"
        if one.wrong and outcome == "kept":
            self.errors.append(f"a digit from a wrong number was kept: {one.id}")

    def _signed(self, body: bytes) -> dict[str, str]:
        key, key_id = bytes(self.secret.key), self.secret.key_id
        return signing.headers(key, key_id=key_id, at_s=int(time.time()), body=body)

    def ids(self, session: Session) -> dict[UUID, tuple[Said, UUID]]:
        """Give under which numbers each right digit stands in the logs, and whose it is."""
        query = select(Delivery).where(Delivery.id.in_({one.message for one in self.said}))
        sent = {each.id: each for each in session.scalars(query)}
        return {
            uuid5(uuid5(self.gateway.id, one.id), str(call)): (one, sent[one.message].person_id)
            for one in self.said
            if not one.wrong and one.message in sent
            for call in sent[one.message].call_ids
        }

    def faults(self, session: Session) -> Iterator[str]:
        """Tell of digits that were taken and are lost, and of those that counted and should not."""
        yield from self.errors
        ids = self.ids(session)
        there = set(session.scalars(select(CallEvent.id).where(CallEvent.id.in_(ids))))
        for number, (one, _) in ids.items():
            if one.kept and number not in there:
                yield f"digit {one.id} was acknowledged and is lost"


def gateway_of(session: Session) -> tuple[Gateway, GatewaySecret]:
    """Give the one gateway of the city, and its secret."""
    gateway = session.scalars(select(Gateway)).one()
    return gateway, session.get_one(GatewaySecret, gateway.id)
