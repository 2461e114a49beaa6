"""Carries one message over the network; knows no database. Each says what the other side said."""

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import apprise
import requests
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from rescue_app.channels import signing
from rescue_app.channels.addresses import PHONE
from rescue_app.channels.rules import push_topic

TIMEOUT_S = (4.0, 10.0)
"""To connect, and between two parts of an answer."""
WORTH_A_TRY = frozenset({408, 425, 429})
GONE = frozenset({404, 410})
PUSH_LIFE_S = 3600
FORM = "yitong.message.v1"
TOO_LATE, NO_LINE = "no answer in time", "no connection"
BAD_ADDRESS, REFUSED = "not an address", "refused, or no answer"
# Apprise writes addresses into its log when something goes wrong; ours tells gateways by name.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a way leads, and the keys for it: ours towards a gateway, a device's own."""

    url: str
    key_id: str = ""
    key: bytes = b""
    p256dh: str = ""
    auth: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as it leaves, with the way it goes."""

    id: UUID
    message_id: UUID
    number: int
    name: str
    phone: str
    title: str
    body: str
    urgency: str
    language: str
    matters: Sequence[UUID]
    queued_at: datetime
    tries: int
    page: str
    where: Where


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the other side said: taken; not now; never; or (a device) no longer there."""

    taken: bool
    final: bool = False
    gone: bool = False
    why: str = ""


class Transport(Protocol):
    """A way over the network."""

    def carry(self, out: Outgoing) -> Outcome:
        """Send one message; never raises."""
        ...


class Webhook:
    """Our own form: signed JSON, the id of the message as the key against repeats."""

    def carry(self, out: Outgoing) -> Outcome:
        """Post the message."""
        body = json.dumps(as_json(out), ensure_ascii=False).encode()
        signed = signing.headers(
            out.where.key, key_id=out.where.key_id, at_s=int(time.time()), body=body
        )
        told = signed | {"content-type": "application/json", "user-agent": "yitong"}
        try:
            answer = requests.post(
                out.where.url, data=body, headers=told, timeout=TIMEOUT_S, allow_redirects=False
            )
        except requests.Timeout:
            return Outcome(taken=False, why=TOO_LATE)
        except requests.RequestException:
            return Outcome(taken=False, why=NO_LINE)
        return judged(answer.status_code)


def as_json(out: Outgoing) -> dict[str, Any]:
    """Write a message as the webhook sends it."""
    return {
        "form": FORM,
        "id": str(out.id),
        "number": out.number,
        "try": out.tries,
        "to": {"name": out.name, "phone": out.phone},
        "title": out.title,
        "text": out.body,
        "language": out.language,
        "urgency": out.urgency,
        "matters": [str(matter) for matter in out.matters],
        "queued_at": out.queued_at.isoformat(),
    }


def judged(status: int) -> Outcome:
    """Tell what an HTTP status means for a message."""
    if 200 <= status < 300:
        return Outcome(taken=True)
    final = 300 <= status < 500 and status not in WORTH_A_TRY
    return Outcome(taken=False, final=final, gone=status in GONE, why=f"HTTP {status}")


class ThroughApprise:
    """Any service that Apprise speaks to; it says yes or no, and nothing of what comes after."""

    def carry(self, out: Outgoing) -> Outcome:
        """Hand the message to Apprise."""
        asset = apprise.AppriseAsset(async_mode=False, secure_logging=True)
        way = apprise.Apprise(asset=asset)
        if not way.add(out.where.url.replace(PHONE, out.phone)):
            return Outcome(taken=False, final=True, why=BAD_ADDRESS)
        try:
            taken = way.notify(
                body=out.body, title=out.title, body_format=apprise.NotifyFormat.TEXT
            )
        except Exception:  # noqa: BLE001 - plug-ins of others fail in any way
            return Outcome(taken=False, why=REFUSED)
        return Outcome(taken=bool(taken), why="" if taken else REFUSED)


@dataclass(frozen=True, slots=True)
class Push:
    """Web Push: encrypted for the device, signed with the installation's key."""

    key: bytes
    contact: str

    def carry(self, out: Outgoing) -> Outcome:
        """Give the message to the push service of the device's browser."""
        device = {
            "endpoint": out.where.url,
            "keys": {"p256dh": out.where.p256dh, "auth": out.where.auth},
        }
        try:
            webpush(
                device,
                data=json.dumps(as_shown(out), ensure_ascii=False),
                vapid_private_key=Vapid02.from_pem(self.key),
                vapid_claims={"sub": self.contact},
                ttl=PUSH_LIFE_S,
                timeout=sum(TIMEOUT_S),
                headers={"urgency": "high", "topic": push_topic(out.message_id)},
            )
        except WebPushException as error:
            status = error.response.status_code if error.response is not None else 0
            return judged(status) if status else Outcome(taken=False, why=NO_LINE)
        except requests.Timeout:
            return Outcome(taken=False, why=TOO_LATE)
        except (requests.RequestException, ValueError):
            return Outcome(taken=False, why=NO_LINE)
        return Outcome(taken=True)


def as_shown(out: Outgoing) -> dict[str, str]:
    """Write a message as the service worker shows it."""
    return {
        "id": str(out.id),
        "message": str(out.message_id),
        "title": out.title,
        "body": out.body,
        "page": out.page,
        "urgency": out.urgency,
        "lang": "zh-CN" if out.language == "zh" else "en",
    }
