"""Verbs of CAP coming in: take a message, once; what is refused is refused whole and told.

A message of a source becomes a proposal that a person approves, or at once a warning in force
where the source is set so. What the sender calls off is called off the same way.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.errors import Conflict, PlatformError, Rejected
from gis.store.base import new_id
from gis.store.notify import announce
from gis.store.scope import NO_ONE
from hazards.alerts import service as alerts
from hazards.alerts.rules import AlertDraft, Words
from hazards.cap import calling_off, drafting, meaning, parsing, repository
from hazards.cap.message import Message
from hazards.cap.models import CapMessage, CapSource
from hazards.cap.rules import whole_second

TOPIC = "cap"
UPDATED = "发布单位已更新 · updated by the sender"
LONGEST_ABOUT = 300
FIRST_BYTES = 4_000
NAME = re.compile(rb"<identifier>([^<]{1,200})</identifier>")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message; `again` when it had come before."""

    message: CapMessage
    again: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """By which way something came: feed, push or file; by whom, and which entry of a feed it is."""

    name: str
    by_name: str = ""
    entry: str = ""
    at_once: bool = True
    """A file that a person brings waits for another one, whatever its source may."""


def take(session: Session, body: bytes, *, source: CapSource, way: Way, now: datetime) -> Taken:
    """Take a message of a source in the SYSTEM scope, or refuse all of it."""
    read = parsing.read(
        body,
        now=now,
        certificates=source.certificates,
        needs_signature=source.needs_signature,
    )
    said = read.message
    if source.senders and said.sender not in source.senders:
        raise Rejected("“{sender}” is not a sender of this source. Enter it there if it is right.",
                       sender=said.sender[:80])  # fmt: skip
    digest = sha256(body).digest()
    row = {
        "id": new_id(), "source_id": source.id, "area_path": source.area_path,
        "identifier": said.identifier, "sender": said.sender, "sent": whole_second(said.sent),
        "kind": said.kind, "status": said.status, "note": (said.note or "")[:2000],
        "came_at": now, "way": way.name, "by_name": way.by_name, "entry": way.entry,
        "signed_by": read.signed_by, "body": body, "outcome": "", "alert_ids": [],
    }  # fmt: skip
    kept = repository.add_once(session, row)
    if kept is None:
        return _again(session, said, digest)
    kept.outcome, kept.alert_ids = _done(session, said, source, way, now)
    source.heard_at = now
    announce(session, topic=TOPIC, kind="came", ref=kept.id, area_path=source.area_path)
    session.flush()  # another part of the same feed may speak of it
    return Taken(kept)


def attempt(
    session: Session, body: bytes, *, source: CapSource, way: Way, now: datetime, about: str = ""
) -> Taken | PlatformError:
    """Take a message, or undo all of it and keep why it was refused."""
    try:
        with session.begin_nested():
            return take(session, body, source=source, way=way, now=now)
    except PlatformError as problem:
        session.refresh(source)
        about = about or _named(body)
        refuse(session, problem, source=source, way=way, now=now, about=about)
        return problem


def _named(body: bytes) -> str:
    """Give what a refused message calls itself, as far as that can be seen."""
    found = NAME.search(body[:FIRST_BYTES])
    return found.group(1).decode(errors="replace") if found else ""


def refuse(
    session: Session, problem: PlatformError, *, source: CapSource, way: Way, now: datetime,
    about: str,
) -> None:  # fmt: skip
    """Keep that something was refused, for whoever looks after the source."""
    values = {name: str(value) for name, value in problem.values.items()}
    row = {
        "id": new_id(), "source_id": source.id, "area_path": source.area_path, "at": now,
        "way": way.name, "by_name": way.by_name, "entry": way.entry,
        "about": about[:LONGEST_ABOUT], "said": problem.text, "facts": values,
    }  # fmt: skip
    repository.refuse(session, row)
    announce(session, topic=TOPIC, kind="refused", ref=source.id, area_path=source.area_path)


def _again(session: Session, said: Message, digest: bytes) -> Taken:
    (known,) = repository.named(session, [(said.sender, said.identifier, whole_second(said.sent))])
    if sha256(known.body).digest() != digest and said != parsing.message(known.body):
        raise Conflict(
            "A message of this name and time came before and says something else. Ask the sender"
            " to send it under a new identifier."
        )
    return Taken(known, again=True)


def _done(
    session: Session, said: Message, source: CapSource, way: Way, now: datetime
) -> tuple[str, list[UUID]]:
    """Do what a message asks; give what became of it and the warnings that it made or ended."""
    if said.kind in {"Ack", "Error"}:
        return calling_off.heard_back(session, said, source, now=now)
    if said.status in {"Test", "System", "Draft"}:
        return said.status.lower(), []
    if said.scope != "Public":
        return "private", []
    before = _before(session, said, source)
    standing = list(repository.standing(session, before)) if before else []
    by = Actor(NO_ONE, source.name, Role.SYSTEM, source.area_path)
    parts = [] if said.kind == "Cancel" else meaning.meant(said)
    at_once = source.at_once and way.at_once
    if all(part.is_over for part in parts):
        return calling_off.call_off(session, standing, said, by=by, now=now, at_once=at_once)
    drafts = [
        draft for number, part in enumerate(parts, start=1)
        if (draft := drafting.draft(session, part, said, source, now, number)) is not None
    ]  # fmt: skip
    if not drafts:
        return ("over" if any(drafting.is_past(part, now) for part in parts) else "elsewhere"), []
    made = [
        _made(session, draft, standing.pop(0) if standing else None, said, by, now, at_once)
        for draft in drafts
    ]
    calling_off.call_off(session, standing, said, by=by, now=now, at_once=at_once)
    return ("in_force" if at_once else "proposed"), made


def _before(session: Session, said: Message, source: CapSource) -> list[UUID]:
    """Find the warnings that a message follows; one of nothing that came here is refused."""
    if said.kind == "Alert":
        return []
    names = [(sender, name, whole_second(at)) for sender, name, at in meaning.references(said)]
    known = [
        one for one in repository.named(session, names)
        if one.source_id == source.id or one.sender in source.senders
    ]  # fmt: skip
    if not known:
        raise Rejected(
            "The message speaks of an earlier one that never came here. Bring that one in first,"
            " or write the warning by hand."
        )
    return [alert_id for one in known for alert_id in one.alert_ids]


def _made(
    session: Session, draft: AlertDraft, before: Any, said: Message, by: Actor, now: datetime,
    at_once: bool,
) -> UUID:  # fmt: skip
    """Propose a warning in the place of the one before it, and issue it where that is agreed."""
    follows = None if before is None else before.id
    if before is not None and before.state == "draft":
        alerts.drop(session, alert_id=before.id, by=by, now=now, why=UPDATED)
        follows = before.follows_id
    draft = calling_off.following(draft, follows, why=UPDATED)
    made = alerts.propose(session, draft=draft, by=by, now=now)
    if at_once:
        name = said.infos[0].sender_name or by.name
        alerts.issue(session, alert_id=made.id, by=by, now=now, issuer=Words(name, name))
    return made.id
