"""Which messages of ours stand now: what is in force, and for a day what was and was called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.store.base import Shape
from hazards.alerts import repository
from hazards.alerts.models import Alert, AlertStep
from hazards.alerts.rules import State
from hazards.cap.rules import Sent
from hazards.cap.writing import Kinds, Notice
from hazards.points import types

# A function of the schema (migration 0130): never a draft, and nobody's name.
MESSAGES = text("SELECT * FROM public_messages(:now)").columns(extent=Shape("MULTIPOLYGON"))
ISSUED, CANCELLED = "issued", "cancelled"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The messages that stand, the newest first, and what the kinds of hazards are called."""

    notices: Sequence[Notice]
    kinds: Kinds


def standing(session: Session, *, now: datetime) -> Outgoing:
    """Read what anyone may have of our messages."""
    rows = session.execute(MESSAGES, {"now": now}).all()
    return Outgoing([_notice(row) for row in rows], _kinds(session))


def of_alert(session: Session, alert: Alert) -> tuple[Notice, Kinds]:
    """Give a warning that the asker sees as its newest message, a draft as what it would be."""
    chain = {one.id: one for one in repository.chain(session, alert.root_id)}
    lines = sorted(repository.steps(session, list(chain)), key=lambda line: line.seq)
    said = [_sent(line, chain[line.alert_id]) for line in lines if line.kind in {ISSUED, CANCELLED}]
    mine = [one for one in said if one.alert_id == alert.id]
    newest = mine[-1] if mine else Sent(0, alert.id, alert.area_path, alert.proposed_at)
    before = [one for one in said if not one.cancels and (not mine or one.number < newest.number)]
    is_draft = alert.state in {State.DRAFT, State.DROPPED}
    if not mine and alert.follows_id is None:
        before = []
    return Notice(newest, alert, before, is_draft=is_draft), _kinds(session)


def _kinds(session: Session) -> Kinds:
    return {kind.code: kind for kind in types.all_types(session)}


def _sent(line: AlertStep, alert: Alert) -> Sent:
    return Sent(line.seq, alert.id, alert.area_path, line.at, cancels=line.kind == CANCELLED)


def _notice(row: Any) -> Notice:
    sent = Sent(row.number, row.id, row.area_path, row.sent_at, cancels=row.kind == CANCELLED)
    earlier = [
        Sent(one["number"], one["alert_id"], one["area_path"],
             datetime.fromisoformat(one["sent_at"]))
        for one in row.earlier
    ]  # fmt: skip
    return Notice(sent, row, earlier)
