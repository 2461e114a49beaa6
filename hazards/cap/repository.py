"""SQL of CAP coming in: what is known already, whose it is, what became of it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, defer

from gis.areas.models import Area
from gis.areas.repository import valid
from gis.errors import Missing
from gis.store.base import among
from hazards.alerts.models import Alert, AlertStep
from hazards.alerts.rules import State
from hazards.cap.models import CapKey, CapMessage, CapRefusal, CapSource, CapWord
from hazards.cap.rules import Sent

SHOWN = 50
Reference = tuple[str, str, datetime]
OPEN = (State.DRAFT, State.ISSUED)


def sources(session: Session) -> Sequence[CapSource]:
    """Give the sources that the asker sees."""
    return session.scalars(select(CapSource).order_by(CapSource.name, CapSource.id)).all()


def of_digest(session: Session, digest: bytes) -> CapSource | None:
    """Find the source of a key and hold it until the commit."""
    query = select(CapSource).join(CapKey).where(CapKey.digest == digest)
    return session.scalar(query.with_for_update(of=CapSource))


def due(session: Session, *, now: datetime) -> Sequence[CapSource]:
    """Give the sources whose feed is to be asked now."""
    pause = func.make_interval(0, 0, 0, 0, 0, CapSource.every_minutes)
    # A look that begins a few seconds early counts: the clock rings by the minute.
    ready = CapSource.asked_at.is_(None) | (
        CapSource.asked_at + pause <= now + timedelta(seconds=9)
    )
    query = select(CapSource).where(CapSource.active, CapSource.feed_url != "", ready)
    return session.scalars(query.order_by(CapSource.id)).all()


def add_once(session: Session, row: dict[str, Any]) -> CapMessage | None:
    """Insert a message unless its name is there already; give it when it was new."""
    query = insert(CapMessage).values(row)
    query = query.on_conflict_do_nothing(index_elements=["identifier", "sender", "sent"])
    found = session.scalar(query.returning(CapMessage.id))
    return session.get(CapMessage, found) if found is not None else None


def named(session: Session, references: Collection[Reference]) -> Sequence[CapMessage]:
    """Give the messages of these names that have come, the oldest first."""
    name = tuple_(CapMessage.sender, CapMessage.identifier, CapMessage.sent)
    query = select(CapMessage).where(name.in_(list(references)))
    return session.scalars(query.order_by(CapMessage.came_at)).all()


def refuse(session: Session, row: dict[str, Any]) -> None:
    """Keep that something was refused."""
    session.execute(insert(CapRefusal).values(row).inline())


def seen(session: Session, source_id: UUID, entries: Collection[str]) -> set[str]:
    """Give which entries of a feed were read already, taken or refused."""
    found: set[str] = set()
    for table in (CapMessage, CapRefusal):
        query = select(table.entry).where(
            table.source_id == source_id, table.entry.in_(list(entries))
        )
        found |= set(session.scalars(query))
    return found


def latest(session: Session) -> Sequence[CapMessage]:
    """Give what came last, as the asker sees it."""
    query = select(CapMessage).options(defer(CapMessage.body))
    return session.scalars(query.order_by(CapMessage.came_at.desc()).limit(SHOWN)).all()


def of_alert(session: Session, root_id: UUID) -> Sequence[CapMessage]:
    """Give the messages that a warning, or one that it follows, was made from; the newest first."""
    here = exists().where(Alert.root_id == root_id, Alert.id == func.any(CapMessage.alert_ids))
    query = select(CapMessage).options(defer(CapMessage.body)).where(here)
    return session.scalars(query.order_by(CapMessage.came_at.desc())).all()


def refusals(session: Session) -> Sequence[CapRefusal]:
    """Give what was refused last."""
    query = select(CapRefusal).order_by(CapRefusal.at.desc(), CapRefusal.id)
    return session.scalars(query.limit(SHOWN)).all()


def words(session: Session) -> dict[str, str]:
    """Give the words for events and the kind of hazard each is, in their order."""
    query = select(CapWord).order_by(CapWord.position)
    return {one.word: one.hazard_type for one in session.scalars(query)}


def paths_of(session: Session, codes: Collection[str], *, day: date) -> dict[str, str]:
    """Give the areas that these codes name on a day."""
    query = select(Area.code, Area.path).where(Area.code.in_(list(codes)), valid(day))
    return {row.code: row.path for row in session.execute(query)}


def standing(session: Session, alert_ids: Collection[UUID]) -> Sequence[Alert]:
    """Give what of these warnings, or of what followed them, waits or holds; held for a change."""
    roots = select(Alert.root_id).where(among(Alert.id, alert_ids))
    query = select(Alert).where(Alert.root_id.in_(roots), Alert.state.in_(OPEN))
    return session.scalars(
        query.order_by(Alert.source_ref, Alert.id).with_for_update(key_share=True)
    ).all()


def ours(session: Session, alert_id: UUID | None, number: int | None) -> Sent | None:
    """Find a message of ours by what its name says."""
    query = select(AlertStep, Alert.area_path).join(Alert, Alert.id == AlertStep.alert_id)
    here = AlertStep.alert_id == alert_id if alert_id else AlertStep.seq == (number or 0)
    row = session.execute(query.where(here, AlertStep.kind == "issued")).first()
    return Sent(row[0].seq, row[0].alert_id, row[1], row[0].at) if row else None


def message(session: Session, message_id: UUID) -> CapMessage:
    """Give a message as it came, or say that there is none."""
    found = session.get(CapMessage, message_id)
    if found is None:
        raise Missing("There is no such message in your area.")
    return found
