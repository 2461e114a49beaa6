"""Sends what waits in the outbox: taken in one transaction, carried outside, kept in another.

A worker that dies between the two leaves the message to the next one after a while; the gateway
knows the repeat by its id. What is not on its device in time takes the person's next way.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from threading import Event, Thread
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.calls import reports
from hazards.calls.rules import EventKind, Urgency
from rescue_app.channels import push_keys, repository
from rescue_app.channels.lanes import Lanes, Load
from rescue_app.channels.models import Delivery, Gateway
from rescue_app.channels.rules import (
    LEASE,
    PUSH,
    GatewayKind,
    Said,
    body,
    next_try,
    rests_until,
    title,
)
from rescue_app.channels.transports import (
    Outcome,
    Outgoing,
    Push,
    ThroughApprise,
    Transport,
    Webhook,
    Where,
)
from rescue_app.channels.ways import Known, parcel_of, row

MOST = 256
EACH = 64
"""So many messages of one gateway in a batch: the others have their turn beside it."""
PAUSE_S = 1.0
LAST_S = 5.0
"""So long what is on its way is waited for when the worker ends; the next one sends it again."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Post:
    """What sending needs besides the database."""

    public_url: str = ""
    push_contact: str = ""
    more: Mapping[str, Transport] = field(default_factory=dict)


def deliver(
    sessions: Sessions, post: Post, *, clock: Callable[[], datetime], lanes: Lanes | None = None
) -> int:
    """Send one batch by the lanes that are free; tell how many messages set out.

    Without lanes that go on, it comes back when all of them are through.
    """
    now, free = clock(), lanes or lanes_of(sessions, clock)
    with unit_of_work(sessions, SYSTEM) as session:
        batch = _take(session, post, now, busy=free.busy)
        key = push_keys.read(session)
    ways: dict[str, Transport] = {
        GatewayKind.WEBHOOK: Webhook(),
        GatewayKind.APPRISE: ThroughApprise(),
        PUSH: Push(key, post.push_contact),
        **post.more,
    }
    free.send(batch, ways)
    if lanes is None:
        free.wait()
    return len(batch)


def lanes_of(sessions: Sessions, clock: Callable[[], datetime]) -> Lanes:
    """Make lanes that keep what the other sides said."""

    def keep(outcomes: Mapping[UUID, Outcome]) -> None:
        with unit_of_work(sessions, SYSTEM) as session:
            _keep(session, outcomes, clock())

    return Lanes(keep)


def _take(session: Session, post: Post, now: datetime, *, busy: Collection[str]) -> list[Load]:
    """Take what is due; whom nobody waits for any more gets no message."""
    waiting = repository.due(session, now=now, each=EACH, most=MOST, busy=busy)
    found = [each for _, each in waiting]
    wanted = reports.waited_for(session, {rung for each in found for rung in each.rung_ids})
    gateways = {each.id: each for each in repository.gateways(session)}
    secrets = repository.secrets_of(session, list(gateways))
    devices = repository.subscriptions(
        session, [each.subscription_id for each in found if each.subscription_id]
    )
    batch: list[Load] = []
    for lane, each in waiting:
        gateway = gateways.get(each.gateway_id) if each.gateway_id else None
        device = devices.get(each.subscription_id) if each.subscription_id else None
        if wanted.isdisjoint(each.rung_ids) or not (gateway or device):
            each.next_try_at = each.widen_at = None
            continue
        each.tries, each.next_try_at = each.tries + 1, now + LEASE
        if gateway is not None:
            secret = secrets[gateway.id]
            where = Where(secret.url, secret.key_id, bytes(secret.key))
            batch.append((lane, gateway.kind, _outgoing(each, post, gateway, where)))
        elif device is not None:
            where = Where(device.endpoint, p256dh=device.p256dh, auth=device.auth)
            batch.append((lane, PUSH, _outgoing(each, post, None, where)))
    return batch


def _outgoing(each: Delivery, post: Post, gateway: Gateway | None, where: Where) -> Outgoing:
    answers = gateway is not None and gateway.kind == GatewayKind.WEBHOOK
    texts = each.texts_zh if each.language == "zh" else each.texts_en
    page = f"{post.public_url}/calls" if post.public_url and gateway else ""
    said = Said(Urgency(each.urgency), texts, each.number, each.language, answers, page)
    one = each.call_ids[0] if len(each.call_ids) == 1 else None
    return Outgoing(
        id=each.id,
        message_id=each.message_id,
        number=each.number,
        name=each.name,
        phone=each.phone,
        title=title(said),
        body=body(said),
        urgency=each.urgency,
        language=each.language,
        matters=each.call_ids,
        queued_at=each.queued_at,
        tries=each.tries,
        page=f"/calls#call-{one}" if one else "/calls",
        where=where,
    )


def _keep(session: Session, outcomes: Mapping[UUID, Outcome], now: datetime) -> None:
    """Keep what the other sides said; only "taken" is a receipt, and it is no delivery."""
    told: list[reports.Report] = []
    gateways: dict[UUID, list[Outcome]] = {}
    for each in repository.held_all(session, list(outcomes)):
        outcome = outcomes[each.id]
        if outcome.taken:
            each.next_try_at, each.accepted_at = None, each.accepted_at or now
            told.append(reports.Report(each.channel, EventKind.ACCEPTED, each.rung_ids, now))
        else:
            _failed(session, each, outcome, now)
        if each.gateway_id is not None:
            gateways.setdefault(each.gateway_id, []).append(outcome)
    for gateway_id, said in gateways.items():
        _note_gateway(session, gateway_id, said, now)
    reports.hear(session, told, now=now)


def _failed(session: Session, each: Delivery, outcome: Outcome, now: datetime) -> None:
    each.failed_why = outcome.why
    each.next_try_at = None if outcome.final else next_try(each.tries, now)
    if each.widen_at is not None:
        each.widen_at = now  # the next way is not kept waiting for this one
    if each.next_try_at is None:
        each.failed_at = now
    if outcome.gone and each.subscription_id is not None:
        repository.forget_device(session, each.subscription_id)
        log.info("push.device_gone", account=str(each.account_id))


def _note_gateway(
    session: Session, gateway_id: UUID, said: Sequence[Outcome], now: datetime
) -> None:
    """A gateway that refuses one message works; one that takes none and is silent rests."""
    if any(outcome.taken for outcome in said):
        repository.went_well(session, gateway_id, now)
        return
    gateway = repository.gateway(session, gateway_id)
    silent = [outcome for outcome in said if not outcome.final]
    if gateway is None:
        return
    gateway.last_why = said[-1].why
    if silent:
        gateway.failures += 1
        gateway.failing_since = gateway.failing_since or now
        gateway.rests_until = rests_until(gateway.failures, now)
        log.warning("gateway.fails", gateway=str(gateway.id), why=gateway.last_why)


def widen(sessions: Sessions, *, now: datetime) -> int:
    """Take the next way for what is not on its device; tell how many messages that were."""
    with unit_of_work(sessions, SYSTEM) as session:
        late = repository.to_widen(session, now=now, most=MOST)
        wanted = reports.waited_for(session, {rung for each in late for rung in each.rung_ids})
        sent = repository.of_messages(session, {each.message_id for each in late})
        known = Known.read(session, [parcel_of(each).person for each in late])
        for each in late:
            each.widen_at = None
            there = any(one.delivered_at or one.seen_at for one in sent[each.message_id])
            if not there and not wanted.isdisjoint(each.rung_ids):
                _next_way(session, each, sent[each.message_id], known, now)
        session.flush()  # rows of one message are counted by the next batch
    return len(late)


def _next_way(
    session: Session, each: Delivery, sent: list[Delivery], known: Known, now: datetime
) -> None:
    used = [PUSH if one.way.startswith(PUSH) else one.way for one in sent]
    for out in known.outboxes(parcel_of(each), each.number, now, used=used):
        made = row(out, parcel_of(each), now)
        session.add(made)
        sent.append(made)


def tick(
    sessions: Sessions, post: Post, *, clock: Callable[[], datetime], lanes: Lanes | None = None
) -> int:
    """Send all that is due at this moment."""
    carried = 0
    widen(sessions, now=clock())
    while count := deliver(sessions, post, clock=clock, lanes=lanes):
        carried += count
    return carried


def run(sessions: Sessions, post: Post, *, stop: Event, pause_s: float = PAUSE_S) -> None:
    """Send until told to stop; a lost database is waited for, a gateway that hangs is not."""
    clock = partial(datetime.now, UTC)
    lanes = lanes_of(sessions, clock)
    while not stop.wait(pause_s):
        try:
            tick(sessions, post, clock=clock, lanes=lanes)
        except OperationalError as error:
            log.warning("channels.database_lost", error=type(error.orig).__name__)
        except Exception:
            log.exception("channels.tick_failed")  # whatever it was: the next second tries again
    lanes.wait(limit_s=LAST_S)


@contextmanager
def sending(sessions: Sessions, post: Post) -> Iterator[None]:
    """Run beside a process's other work, and end with it."""
    stop = Event()
    thread = Thread(
        target=run, args=(sessions, post), kwargs={"stop": stop}, name="channels", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=PAUSE_S * 20)
