"""SQL for channels: who is reached how, what waits to be sent, what came of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from gis.store.base import among
from rescue_app.channels.models import (
    Delivery,
    Gateway,
    GatewayEvent,
    GatewaySecret,
    PushSubscription,
    Reach,
)

SHOWN_EVENTS = 50
# A gateway that fails is tried with one message at a time, and not while it rests: a dead one
# holds up nobody else's messages. Its lane is the gateway, or the push service of the device.
DUE = text("""
    SELECT id, lane FROM (
        SELECT id, lane, next_try_at, failures,
            row_number() OVER (PARTITION BY lane ORDER BY next_try_at) AS place
        FROM (
            SELECT d.id, d.next_try_at, coalesce(g.failures, 0) AS failures,
                coalesce(d.gateway_id::text, split_part(s.endpoint, '/', 3), '') AS lane
            FROM delivery d
            LEFT JOIN gateway g ON g.id = d.gateway_id
            LEFT JOIN push_subscription s ON s.id = d.subscription_id
            WHERE d.next_try_at <= :now AND (g.rests_until IS NULL OR g.rests_until <= :now)
        ) there
        WHERE lane <> ALL(:busy)
    ) waiting
    WHERE place <= CASE WHEN failures > 0 THEN 1 ELSE :each END
    ORDER BY next_try_at LIMIT :most
""")

# In one order, so that two requests with the same words never wait for each other.
HOLD = text("""
    SELECT pg_advisory_xact_lock(key) FROM (
        SELECT hashtextextended(word, 0) AS key FROM unnest(CAST(:words AS text[])) word ORDER BY 1
    ) words
""")


def due(
    session: Session, *, now: datetime, each: int, most: int, busy: Collection[str]
) -> list[tuple[str, Delivery]]:
    """Take what is to be sent now, with its lane; what another worker holds is his."""
    told = {"now": now, "each": each, "most": most, "busy": list(busy)}
    lanes = {row[0]: row[1] for row in session.execute(DUE, told)}
    found = list(lanes)
    query = select(Delivery).where(among(Delivery.id, found), Delivery.next_try_at <= now)
    held = session.scalars(query.with_for_update(skip_locked=True))
    return [(lanes[each.id], each) for each in held]


def to_widen(session: Session, *, now: datetime, most: int) -> list[Delivery]:
    """Take what was not on its device in time, or cannot get there."""
    query = select(Delivery).where(Delivery.widen_at <= now).order_by(Delivery.widen_at)
    return list(session.scalars(query.limit(most).with_for_update(skip_locked=True)))


def of_messages(session: Session, message_ids: Collection[UUID]) -> dict[UUID, list[Delivery]]:
    """Everything sent for these messages."""
    found: dict[UUID, list[Delivery]] = {message_id: [] for message_id in message_ids}
    for each in session.scalars(select(Delivery).where(among(Delivery.message_id, message_ids))):
        found[each.message_id].append(each)
    return found


def held(session: Session, delivery_id: UUID) -> Delivery | None:
    """Find one message and hold it."""
    return session.get(Delivery, delivery_id, with_for_update=True)


def held_all(session: Session, ids: Collection[UUID]) -> list[Delivery]:
    """Find messages and hold them, always in the same order."""
    query = select(Delivery).where(among(Delivery.id, ids)).order_by(Delivery.id)
    return list(session.scalars(query.with_for_update()))


def to_phone(session: Session, phone: str, *, gateway_id: UUID, since: datetime) -> list[Delivery]:
    """What one gateway sent to a number lately, newest first."""
    query = (
        select(Delivery)
        .where(
            Delivery.phone == phone, Delivery.gateway_id == gateway_id, Delivery.queued_at >= since
        )
        .order_by(Delivery.queued_at.desc(), Delivery.id.desc())
        .with_for_update()
    )
    return list(session.scalars(query.limit(100)))


def last_numbers(session: Session, people: Collection[UUID]) -> dict[UUID, int]:
    """The number of the newest message of each of these people."""
    query = (
        select(Delivery.person_id, Delivery.number)
        .where(among(Delivery.person_id, people))
        .ext(distinct_on(Delivery.person_id))
        .order_by(Delivery.person_id, Delivery.queued_at.desc(), Delivery.id.desc())
    )
    return {row[0]: row[1] for row in session.execute(query)}


def gateways(session: Session, *, active_only: bool = True) -> list[Gateway]:
    """Gateways, oldest first."""
    query = select(Gateway).order_by(Gateway.created_at, Gateway.id)
    return list(session.scalars(query.where(Gateway.active) if active_only else query))


def failing(session: Session) -> list[Gateway]:
    """Gateways that do not answer now."""
    return [each for each in gateways(session) if each.failures]


def gateway(session: Session, gateway_id: UUID) -> Gateway | None:
    """Find a gateway that the asker may see."""
    return session.scalar(select(Gateway).where(Gateway.id == gateway_id))


def secrets_of(session: Session, ids: Collection[UUID]) -> dict[UUID, GatewaySecret]:
    """Where gateways are and what they sign with. Needs the SYSTEM scope."""
    query = select(GatewaySecret).where(among(GatewaySecret.gateway_id, ids))
    return {each.gateway_id: each for each in session.scalars(query)}


def reaches(session: Session, accounts: Collection[UUID]) -> dict[UUID, Reach]:
    """How these people want to be reached, as far as they said so."""
    query = select(Reach).where(among(Reach.account_id, accounts))
    return {each.account_id: each for each in session.scalars(query)}


def devices(session: Session, accounts: Collection[UUID]) -> dict[UUID, list[PushSubscription]]:
    """Devices of these people."""
    found: dict[UUID, list[PushSubscription]] = {account: [] for account in accounts}
    query = select(PushSubscription).where(among(PushSubscription.account_id, accounts))
    for each in session.scalars(query.order_by(PushSubscription.created_at)):
        found[each.account_id].append(each)
    return found


def subscriptions(session: Session, ids: Collection[UUID]) -> dict[UUID, PushSubscription]:
    """Devices by their ids."""
    query = select(PushSubscription).where(among(PushSubscription.id, ids))
    return {each.id: each for each in session.scalars(query)}


def keep_device(session: Session, row: Mapping[str, object]) -> None:
    """Keep a device; one that somebody else used before is now this person's."""
    query = insert(PushSubscription).values(row)
    names = ("account_id", "area_path", "sign_in", "p256dh", "auth", "agent")
    kept = {name: query.excluded[name] for name in names}
    session.execute(query.on_conflict_do_update(index_elements=["endpoint"], set_=kept))


def forget_device(session: Session, device_id: UUID) -> None:
    """Remove a device."""
    session.execute(delete(PushSubscription).where(PushSubscription.id == device_id))


def forget_old(session: Session, *, before: datetime) -> None:
    """Remove what was sent and heard long ago: the calls' own log stays."""
    session.execute(delete(Delivery).where(Delivery.queued_at < before))
    session.execute(delete(GatewayEvent).where(GatewayEvent.received_at < before))


def hold_words(session: Session, gateway_id: UUID, event_ids: Collection[str]) -> None:
    """Let the same words that come twice at once be heard in turn."""
    session.execute(HOLD, {"words": [f"{gateway_id} {one}" for one in event_ids]})


def event(session: Session, gateway_id: UUID, event_id: str) -> GatewayEvent | None:
    """Find a word of a gateway that came in before."""
    return session.get(GatewayEvent, (gateway_id, event_id))


def refused(session: Session, gateway_id: UUID) -> Sequence[GatewayEvent]:
    """What a gateway brought lately that nobody could place."""
    query = (
        select(GatewayEvent)
        .where(GatewayEvent.gateway_id == gateway_id, GatewayEvent.outcome == "refused")
        .order_by(GatewayEvent.received_at.desc())
    )
    return session.scalars(query.limit(SHOWN_EVENTS)).all()


def went_well(session: Session, gateway_id: UUID, now: datetime) -> None:
    """Note that a gateway took a message."""
    session.execute(
        update(Gateway)
        .where(Gateway.id == gateway_id)
        .values(failures=0, failing_since=None, rests_until=None, last_ok_at=now)
        .execution_options(synchronize_session=False)
    )


def waiting(session: Session, since: datetime) -> dict[UUID, Mapping[str, int]]:
    """Of what was queued since then, how much of each gateway stands where."""
    times = ("accepted_at", "delivered_at", "answered_at", "failed_at", "next_try_at")
    counted = [func.count(getattr(Delivery, name)).label(name) for name in times]
    query = (
        select(Delivery.gateway_id, func.count().label("all"), *counted)
        .where(Delivery.queued_at >= since, Delivery.gateway_id.is_not(None))
        .group_by(Delivery.gateway_id)
    )
    return {row.gateway_id: dict(row._mapping) for row in session.execute(query)}  # noqa: SLF001 - SQLAlchemy's public name for it


def health(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """How many gateways fail now, and since when the oldest message waits to be sent."""
    down = select(func.count()).where(Gateway.active, Gateway.failures > 0)
    oldest = select(func.min(Delivery.queued_at)).where(Delivery.next_try_at <= now)
    return session.scalar(down) or 0, session.scalar(oldest)
