"""What a gateway brings: receipts about our messages, and answers people pressed or wrote.

Each word is kept with what became of it. One that cannot be placed is refused in plain words and
kept for the desk to see; one that comes again is answered as the first time and does nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from pydantic import ValidationError
from sqlalchemy.orm import Session

from gis.errors import Conflict, Missing, PlatformError, Rejected
from hazards.calls import reports
from hazards.calls.reports import Report
from hazards.calls.rules import EventKind
from rescue_app.channels import keypad, repository, speaking
from rescue_app.channels.models import Delivery, Gateway, GatewayEvent
from rescue_app.channels.words_in import SAID_LENGTH, EventIn, Unclear

RECEIPTS = {
    "accepted": EventKind.ACCEPTED,
    "delivered": EventKind.DELIVERED,
    "seen": EventKind.SEEN,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a word: kept, repeated, or refused and why; `reply` is for the person."""

    id: str
    outcome: str
    code: str = ""
    problem: PlatformError | None = None
    detail: str = ""
    reply: str = ""


def hear(
    session: Session, gateway: Gateway, raw: Sequence[Mapping[str, Any]], *, now: datetime
) -> list[Result]:
    """Hear words one by one: what is refused holds up no other. In the SYSTEM scope."""
    repository.hold_words(session, gateway.id, [id_of(each) for each in raw])
    return [_one(session, gateway, each, now) for each in raw]


def id_of(raw: Mapping[str, Any]) -> str:
    """Give the id of a word, as far as it is kept."""
    return str(raw.get("id") or "")[:100]


def _one(session: Session, gateway: Gateway, raw: Mapping[str, Any], now: datetime) -> Result:
    told = id_of(raw)
    digest = sha256(orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)).digest()
    known = repository.event(session, gateway.id, told) if told else None
    if known is not None:
        if bytes(known.digest) != digest:
            problem: PlatformError = Conflict("Another word came under this id already.")
            return Result(told, "refused", problem.code, problem)
        return Result(told, "repeated", detail=known.detail, reply=known.reply)
    event, reply = None, ""
    trouble: PlatformError | None = None
    try:
        event = EventIn.model_validate(raw)
        with session.begin_nested():
            reply = _told(session, gateway, event, now)
    except ValidationError as error:
        fields = ", ".join(str(one["loc"][0]) for one in error.errors() if one["loc"])
        trouble = Rejected("This word is not as described. Look at: {fields}.", fields=fields)
    except PlatformError as error:
        trouble = error
        reply = error.reply if isinstance(error, Unclear) else ""
    if told:
        session.add(_kept(gateway, raw, event, told, digest, trouble, reply, now))
        session.flush()  # the same id may come again in this very request
    outcome = "refused" if trouble else "kept"
    return Result(told, outcome, trouble.code if trouble else "", trouble, reply=reply)


def _kept(
    gateway: Gateway,
    raw: Mapping[str, Any],
    event: EventIn | None,
    told: str,
    digest: bytes,
    trouble: PlatformError | None,
    reply: str,
    now: datetime,
) -> GatewayEvent:
    said = raw.get("text") or raw.get("because") or ""
    return GatewayEvent(
        gateway_id=gateway.id,
        id=told,
        area_path=gateway.area_path,
        received_at=now,
        digest=digest,
        kind=str(raw.get("type") or "")[:20],
        delivery_id=event.message if event else None,
        phone=keypad.phone(str(raw.get("from") or ""))[:20],
        said=str(said)[:SAID_LENGTH].replace("\x00", ""),
        outcome="refused" if trouble else "kept",
        detail=str(trouble) if trouble else "",
        reply=reply,
    )


def _told(session: Session, gateway: Gateway, event: EventIn, now: datetime) -> str:
    """Do what a word says; give what the gateway may tell the person."""
    if event.type == "answer":
        return speaking.answer(session, gateway, event, now)
    each = message_of(session, gateway, event)
    if event.type == "failed":
        _failed(each, event.because, now)
        return ""
    kind = RECEIPTS[event.type]
    at = min(max(event.at or now, each.queued_at), now)
    note(session, each, kind, at, now)
    return ""


def message_of(session: Session, gateway: Gateway, event: EventIn) -> Delivery:
    """Give the message a word is about, if this gateway had it."""
    if event.message is None:
        raise Rejected("Name the message: a receipt without its id is about nothing.")
    found = repository.held(session, event.message)
    if found is None or found.gateway_id != gateway.id:
        raise Missing("This gateway was given no message with this id.")
    return found


def note(session: Session, each: Delivery, kind: EventKind, at: datetime, now: datetime) -> None:
    """Keep a receipt in the time that is its own; an older one stays."""
    name = f"{kind}_at"
    known = getattr(each, name)
    setattr(each, name, at if known is None else min(known, at))
    each.next_try_at = None
    if kind is not EventKind.ACCEPTED:
        each.widen_at = None  # it is on the device: no other way is needed
    if known is None:
        reports.hear(session, [Report(each.channel, kind, each.rung_ids, at)], now=now)


def _failed(each: Delivery, because: str, now: datetime) -> None:
    """A gateway gives a message up: what it took is not there, and the next way is taken."""
    if each.delivered_at is not None or each.answered_at is not None:
        raise Conflict("This message was delivered already. It is not taken back.")
    each.failed_at, each.failed_why = each.failed_at or now, because or "failed"
    each.next_try_at = None
    if each.widen_at is not None:
        each.widen_at = now
