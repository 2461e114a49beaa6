"""Calls for tests: who is called about what, in the small city of tests/world.py."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.calls import service, worker
from hazards.calls.drafts import AnswerDraft, CallDraft, Callee, Step
from hazards.calls.models import Call, CallLadder, CallRung
from hazards.calls.rules import EventKind, Rule, RungKind
from rescue_app.auth.models import Account
from rescue_app.dispatch import laying
from tests.cast import Cast
from tests.world import GAOSUNTANG, WANZHOU

START = datetime(2026, 7, 1, 18, 0, tzinfo=UTC)
LADDER = (
    (RungKind.FIRST, ("crew",)),
    (RungKind.DEPUTY, ("street",)),
    (RungKind.SUPERIOR, ("wanzhou",)),
)


def minutes(count: float) -> datetime:
    return START + timedelta(minutes=count)


def callee(account: Account) -> Callee:
    return Callee(
        account.name, account.area_path, "值班", account.phone or "", account_id=account.id
    )


def gong_beater() -> Callee:
    """A person of the roster without an account: he is called by voice, not by a page."""
    person = uuid.uuid5(uuid.NAMESPACE_OID, "gong")
    return Callee("王敲锣", GAOSUNTANG, "监测员", "13900000000", member_id=person)


def draft(
    cast: Cast, ladder: Sequence[tuple[RungKind, Sequence[str]]] = LADDER, **more
) -> CallDraft:
    steps = tuple(
        Step(kind, tuple(callee(cast.accounts[who]) for who in people)) for kind, people in ladder
    )
    facts = {
        "topic": "order",
        "ref": new_id(),
        "area_path": GAOSUNTANG,
        "opener_path": WANZHOU,
        "opener_name": "万州区指挥中心",
        "ladder": steps,
        "text_zh": "到高笋塘下穿道抽水",
        "text_en": "Pump out the Gaosuntang underpass",
        "page": "/crew",
    }
    return CallDraft(**(facts | more))


def opened(sessions: Sessions, call: CallDraft, now: datetime = START) -> UUID:
    with unit_of_work(sessions, SYSTEM) as session:
        return service.open_call(session, call, now=now).id


def says(
    sessions: Sessions,
    cast: Cast,
    who: str,
    call_id: UUID,
    kind: EventKind,
    now: datetime,
    *,
    of: str | None = None,
    **more,
) -> None:
    actor = cast.actor(who)
    person = cast.accounts[of].id if of else None
    said = AnswerDraft(kind, **more)
    with unit_of_work(sessions, Scope.of(actor)) as session:
        service.answer(session, call_id=call_id, draft=said, by=actor, now=now, person_id=person)


def ladders(sessions: Sessions, call_id: UUID) -> list[CallLadder]:
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallLadder).where(CallLadder.call_id == call_id)
        return list(session.scalars(query.order_by(CallLadder.number)))


def rungs(sessions: Sessions, call_id: UUID) -> list[CallRung]:
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(CallRung).where(CallRung.call_id == call_id)
        return list(session.scalars(query.order_by(CallRung.ladder_id, CallRung.position)))


def seen_by(sessions: Sessions, cast: Cast, who: str) -> list[Call]:
    with unit_of_work(sessions, Scope.of(cast.actor(who))) as session:
        return list(session.scalars(select(Call)))


def tick(sessions: Sessions, now: datetime) -> int:
    """Do what the worker does each second."""
    laying.lay_out(sessions, now=now)
    return worker.tick(sessions, now=now)


EACH = Rule.EACH
