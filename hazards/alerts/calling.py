"""Everyone in charge inside an alert is called: a person once for each colour, not for each point.

Whoever was called about this alert or one that it follows is called anew only when the colour
has become graver. Who is not inside any more is asked no longer.

More people than one request can wait for are called by the worker, a batch in each transaction; a
worker that dies in between goes on with whoever was not called yet.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Row
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.areas.rules import common_path
from gis.authority import Actor
from hazards.alerts import repository, statements
from hazards.alerts.models import Alert
from hazards.alerts.rules import TOPIC, Colour, Words, graver
from hazards.calls import service as calls
from hazards.calls.drafts import TEXT_LENGTH, CallDraft, Callee
from hazards.calls.rules import Urgency
from hazards.duty.owners import Owners
from hazards.tasks import callees
from hazards.tasks.making import Region

URGENCY = {
    Colour.RED: Urgency.FLASH,
    Colour.ORANGE: Urgency.URGENT,
    Colour.YELLOW: Urgency.URGENT,
    Colour.BLUE: Urgency.ROUTINE,
}
AT_ONCE = 1_000
"""So many people are called in the moment that a warning is issued."""
ASSET = "asset"
"""As what `looked_after` has roads, bridges and drains."""
OUTSIDE = "不在预警范围内了 · no longer inside"
GRAVER = "预警已升级，另行呼叫 · called anew, the colour is graver"


@dataclass(slots=True)
class Charge:
    """A person, where his points and assets lie, and how many of them are inside."""

    who: Callee
    area_path: str
    points: int = 0
    assets: int = 0

    def take(self, row: Row[Any]) -> None:
        """Count what else he looks after."""
        self.area_path = common_path(self.area_path, row.area_path)
        if row.category == ASSET:
            self.assets += row.points
        else:
            self.points += row.points

    @property
    def things(self) -> Words:
        """Say how many of what are his."""
        zh = [f"{self.points} 处点位"] if self.points else []
        en = [f"{self.points} of your points"] if self.points else []
        if self.assets:
            zh.append(f"{self.assets} 处设施")
            en.append(f"{self.assets} of your assets")
        return Words("、".join(zh), " and ".join(en))


def in_charge(
    session: Session, alert: Alert, regions: Sequence[Region], *, now: datetime
) -> dict[UUID, Charge]:
    """Give everyone in charge of what lies inside, by person."""
    asked = repository.bounds_of(alert)
    found = [
        row for region in regions
        for row in session.execute(statements.LOOKED_AFTER, asked | region.bounds(now))
    ]  # fmt: skip
    held: dict[UUID, Charge] = {}
    for who, row in _responsible(session, found, now):
        held.setdefault(who.person_id, Charge(who, row.area_path)).take(row)
    return held


def call(
    session: Session,
    alert: Alert,
    inside: Mapping[UUID, Charge],
    *,
    by: Actor,
    now: datetime,
    most: int = AT_ONCE,
) -> int:
    """Call whoever has to know it from now on and was not called for it; as the program.

    Beyond `most` people the rest is left to `spreading.go_on`; the alert says how many it is about.
    """
    known = repository.called(session, alert.root_id)
    fresh = {
        key: one for key, one in inside.items()
        if not any(_holds(row, alert) for row in known.get(key, ()))
    }  # fmt: skip
    alert.to_call, alert.calling = len(inside), len(fresh) > most
    fresh = dict(list(fresh.items())[:most])
    old = [row.ref for key in fresh for row in known.get(key, ())]
    calls.cancel(session, topic=TOPIC, refs=old, why=GRAVER, by=by, now=now)
    staffed = callees.centres(session, {one.area_path for one in fresh.values()})
    drafts = [_draft(alert, one, staffed) for one in fresh.values()]
    calls.open_many(session, drafts, now=now)
    told = [_row(alert, one) for one in fresh.values()]
    session.execute(statements.CALLED, {"rows": json.dumps(told, default=str)})
    return len(fresh)


def let_go(
    session: Session, alert: Alert, inside: Mapping[UUID, Charge], *, by: Actor, now: datetime
) -> None:
    """Ask those no longer who are not inside any more; as the program."""
    known = repository.called(session, alert.root_id)
    gone = [row.ref for key, rows in known.items() if key not in inside for row in rows]
    calls.cancel(session, topic=TOPIC, refs=gone, why=OUTSIDE, by=by, now=now)


def end(session: Session, root_id: UUID, *, why: str, by: Actor, now: datetime) -> None:
    """Ask nobody any more about an alert; as the program."""
    refs = [row.ref for rows in repository.called(session, root_id).values() for row in rows]
    calls.cancel(session, topic=TOPIC, refs=refs, why=why, by=by, now=now)


def _holds(row: repository.Called, alert: Alert) -> bool:
    """Tell whether who was called for this need not be called again."""
    return not graver(alert.colour, row.colour)


def _responsible(
    session: Session, found: Sequence[Row[Any]], now: datetime
) -> Iterator[tuple[Callee, Row[Any]]]:
    """Whoever the ledger names, else the responsibility list, else who leads the centre there."""
    roster = callees.by_phone(session, {row.owner_phone for row in found if row.owner_phone})
    owners = Owners(session, day_of(now))
    staffed = callees.centres(session, {row.area_path for row in found})
    for row in found:
        who = callees.named_owner(row, roster)
        if who is None:
            kind = {"hazard_type": row.hazard_type, "category": row.category}
            owner = owners.of_point(**kind, area_path=row.area_path)
            ladder = callees.ladder(callees.acting(owner, row.area_path), staffed, row.area_path)
            who = ladder[0].people[0] if ladder else None
        if who is not None:
            yield who, row


def _ref(alert: Alert, person_id: UUID) -> UUID:
    return uuid5(alert.root_id, f"{alert.colour} {person_id}")


def _draft(alert: Alert, one: Charge, staffed: Mapping[str, Any]) -> CallDraft:
    things = one.things
    zh = f"{alert.headline_zh}：您负责的 {things.zh}在范围内，请按清单处置"
    en = f"{alert.headline_en}. {things.en} lie inside: go by the lists"
    return CallDraft(
        topic=TOPIC,
        ref=_ref(alert, one.who.person_id),
        area_path=one.area_path,
        opener_path=alert.area_path,
        opener_name=alert.issuer_zh,
        ladder=callees.ladder([one.who], staffed, one.area_path),
        text_zh=zh[:TEXT_LENGTH],
        text_en=en[:TEXT_LENGTH],
        page=f"/alerts/{alert.id}",
        urgency=URGENCY[Colour(alert.colour)],
        is_drill=alert.is_drill,
        synthetic=alert.synthetic,
        bundle=alert.id,
    )


def _row(alert: Alert, one: Charge) -> dict[str, Any]:
    return {
        "ref": _ref(alert, one.who.person_id),
        "root_id": alert.root_id,
        "alert_id": alert.id,
        "colour": alert.colour,
        "person_id": one.who.person_id,
        "name": one.who.name,
        "phone": one.who.phone,
        "area_path": one.area_path,
        "points": one.points + one.assets,
    }
