"""What others take back, and what they say about messages of ours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.errors import Rejected
from gis.store.scope import NO_ONE
from hazards.alerts import ringing, telling
from hazards.alerts import service as alerts
from hazards.alerts.models import Alert
from hazards.alerts.rules import AlertDraft, State
from hazards.cap import meaning, repository
from hazards.cap.message import Message
from hazards.cap.models import CapSource
from hazards.cap.rules import clean, ours

CALLED_OFF = "发布单位已解除 · called off by the sender"
NOTED = 300


def call_off(
    session: Session, standing: Sequence[Alert], said: Message, *, by: Actor, now: datetime,
    at_once: bool,
) -> tuple[str, list[UUID]]:  # fmt: skip
    """End what a sender takes back: a proposal now, what holds once a person says so or at once."""
    why = clean(said.note or "")[:NOTED] or CALLED_OFF
    waits = False
    for alert in standing:
        if alert.state == State.DRAFT:
            alerts.drop(session, alert_id=alert.id, by=by, now=now, why=why)
        elif at_once:
            alerts.cancel(session, alert_id=alert.id, by=by, now=now, why=why)
        else:
            waits = True
            telling.keep(session, alert, "cancel_asked", by=by, now=now, note=why)
            ringing.ring(session, alert, now=now, ask=ringing.CALL_OFF)
    if not standing:
        return "nothing_left", []
    return ("cancel_waits" if waits else "called_off"), [one.id for one in standing]


def following(draft: AlertDraft, follows: UUID | None, *, why: str) -> AlertDraft:
    """Let a draft take the place of a warning; it says what has changed as far as it was told."""
    return draft if follows is None else replace(draft, follows=follows, why=draft.why or why)


def heard_back(
    session: Session, said: Message, source: CapSource, *, now: datetime
) -> tuple[str, list[UUID]]:
    """Write into a warning's log that others have it, or that something is wrong with it."""
    found = [
        sent for _, name, _ in meaning.references(said)
        if (sent := repository.ours(session, *ours(name))) is not None
    ]  # fmt: skip
    if not found:
        raise Rejected(
            "The message answers one that never went out from here. Ask the sender which one is"
            " meant."
        )
    by = Actor(NO_ONE, source.name, Role.SYSTEM, source.area_path)
    kind = "acked" if said.kind == "Ack" else "errored"
    for sent in found:
        alert = alerts.visible(session, sent.alert_id)
        telling.keep(session, alert, kind, by=by, now=now, note=clean(said.note or "")[:NOTED])
    return kind, [sent.alert_id for sent in found]
