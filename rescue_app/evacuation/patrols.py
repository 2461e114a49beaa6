"""Patrols against return: who was moved out goes home too early, and dies there.

From the first household that left until the all-clear somebody walks the danger area every few
hours. A round that is late rings at the centre, its deputy, and those above.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.calls import service as calls
from hazards.calls.drafts import TEXT_LENGTH, CallDraft
from hazards.calls.rules import Urgency
from rescue_app.dispatch import callees
from rescue_app.dispatch.rules import plausible
from rescue_app.evacuation import patrol_rules, repository, service
from rescue_app.evacuation.models import Evacuation, ReturnPatrol

TOPIC = "return_patrol"
EVERY = timedelta(hours=4)
"""How often the danger area is walked; a setting (`YITONG_RETURN_PATROL_HOURS`)."""


@dataclass(frozen=True, slots=True)
class PatrolDraft:
    """A round as a phone sends it; the id is made there, before there is a line."""

    id: UUID
    note: str = ""
    done_at: datetime | None = None
    place: Point | None = None


def tell(
    session: Session,
    *,
    evacuation_id: UUID,
    draft: PatrolDraft,
    by: Actor,
    now: datetime,
    every: timedelta = EVERY,
) -> Evacuation:
    """Keep that somebody walked the danger area; the same id again is the same round."""
    roster = service.visible(session, evacuation_id)
    require(by, Act.MOVE_PEOPLE, by.area_path)  # he sees the roster: his area has a part in it
    repository.hold(session, evacuation_id, shared=True)
    late = repository.rounds(session, roster)
    repository.add_patrol(session, {
        "id": draft.id, "evacuation_id": roster.id, "area_path": by.area_path,
        "note": patrol_rules.checked(draft.note), "place": draft.place,
        "by_id": by.id, "by_name": by.name, "received_at": now,
        "done_at": plausible(draft.done_at, hop_began=roster.made_at, arrived_at=now),
    })  # fmt: skip
    kept = repository.patrol(session, draft.id)
    if kept is None or (kept.evacuation_id, kept.by_id) != (roster.id, by.id):
        raise Conflict("This round's number is taken. Reload the page and send again.")
    refs = patrol_rules.refs_until(roster.id, late, every=every, now=now)
    calls.cancel(session, topic=TOPIC, refs=refs, why="", by=by, now=now)
    service.spread(session, roster, "patrolled", by)
    return roster


def watch(sessions: Sessions, *, now: datetime, every: timedelta = EVERY) -> int:
    """Call about every round that is late, and again each time another one would be due."""
    with unit_of_work(sessions, SYSTEM) as session:
        late = [
            (roster, due)
            for roster, rounds in repository.open_rosters(session)
            if (due := patrol_rules.due(rounds, every=every)) is not None and due <= now
        ]
        for roster, due in late:
            _ring(session, roster, due, now=now, every=every)
    return len(late)


def _ring(
    session: Session, roster: Evacuation, due: datetime, *, now: datetime, every: timedelta
) -> None:
    ladder = callees.of_centre(session, roster.area_path)
    minutes = int((now - due).total_seconds() // 60)
    if not ladder:
        return
    draft = CallDraft(
        topic=TOPIC,
        ref=patrol_rules.ref(roster.id, due, every=every, now=now),
        area_path=roster.area_path,
        opener_path=roster.area_path,
        opener_name=PROGRAM.name,
        ladder=ladder,
        text_zh=f"{roster.title}：防返巡查已超时 {minutes} 分钟，请派人到撤离区巡查"[:TEXT_LENGTH],
        text_en=(
            f"{roster.title}: the patrol against return is {minutes} minutes late. Send somebody."
        )[:TEXT_LENGTH],
        page=f"/evacuations/{roster.id}/moves",
        urgency=Urgency.URGENT,
        is_drill=roster.is_drill,
        synthetic=roster.synthetic,
    )
    calls.open_many(session, [draft], now=now)


def kept(session: Session, roster: Evacuation) -> list[ReturnPatrol]:
    """Give the rounds of a roster, the newest first."""
    return repository.patrols(session, roster.id)
