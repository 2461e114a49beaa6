"""Verbs of response levels: set one (start, raise, lower), end it. The mode of the area follows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.rules import AreaLevel
from gis.authority import Act, Actor, city_of, require, within
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit
from gis.store.base import new_id
from gis.store.notify import announce
from hazards.modes import repository as modes
from hazards.modes.rules import Mode, begin_of
from hazards.tasks import switching
from hazards.tasks.switching import Turned
from rescue_app.incidents import service as incidents
from rescue_app.levels import following, repository, rules
from rescue_app.levels.models import LevelMode, PlanType, ResponseLevel
from rescue_app.levels.rules import Change

TOPIC = "level"


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """What a commander decides for one district; without a level it ends.

    `seen` is the level that stood on his page, empty for none; it guards against two at once.
    """

    area_path: str
    plan_type: str
    level: str | None
    ground: str
    incident_id: UUID | None = None
    seen: str | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Set:
    """The row that holds (or held last), what changed, and what it did to the mode."""

    row: ResponseLevel | None
    change: Change | None
    turned: Turned | None = None


def put(
    session: Session, *, draft: LevelDraft, by: Actor, now: datetime, synthetic: bool = False
) -> Set:
    """Start, change or end a level; the same id, or a level that holds already, is no change."""
    kind = _may(session, draft, by)
    level, ground = rules.checked_level(draft.level), rules.checked_ground(draft.ground)
    modes.hold(session)  # one change after the other, and none beside a switch of the mode
    known = session.get(ResponseLevel, draft.id) if draft.id else None
    if known is not None:
        return _again(known, draft)
    held = repository.standing(session, draft.area_path, draft.plan_type)
    was = held.level if held else None
    change = rules.changed(was, level)
    if change is None:
        return Set(held, None)
    rules.check_seen(draft.seen, was, by_name=held.by_name if held else "—")
    newest = repository.newest_beginning(session, draft.area_path, draft.plan_type)
    begin = begin_of(now, last_began=newest)
    if held is not None:
        held.period = Range(held.since, begin)
        held.end_ground, held.ended_by_name = ground, by.name
        session.flush()  # the old one ends before the new one begins
    row = held
    if level is not None:
        row = _begun(draft, level, ground, by=by, begin=begin)
        row.synthetic = synthetic
        session.add(row)
        session.flush()  # the mode follows what holds now
    assert row is not None  # noqa: S101 - nothing ends that did not hold
    turned = follow(session, row, kind, change, ground, by=by, now=begin)
    tell(session, row, change, was, ground)
    return Set(row, change, turned)


def follow(
    session: Session,
    row: ResponseLevel,
    kind: PlanType,
    change: Change,
    ground: str,
    *,
    by: Actor,
    now: datetime,
) -> Turned | None:
    """Switch the mode of the district as its levels ask for; by hand it stays set by hand."""
    held = modes.own(session, row.area_path)
    goal = following.wanted(session, row.area_path, held, change, at=now)
    if goal is None:
        return None
    said = f"{kind.name_zh}{row.level}级响应" + ("终止" if change is Change.ENDED else "")
    return switching.switch(
        session, area_path=row.area_path, mode=goal, reason=f"{said}：{ground}", by=by, now=now,
        level_id=row.id,
    )  # fmt: skip


def tell(
    session: Session, row: ResponseLevel, change: Change, was: str | None, ground: str
) -> None:
    """Write the audit line and tell every centre inside."""
    facts = {"plan": row.plan_type, "was": was, "ground": ground}
    became = None if change is Change.ENDED else row.level
    audit.record(
        session, act=f"level.{change}", subject=row.id, area_path=row.area_path, became=became,
        **facts,
    )  # fmt: skip
    also = tuple(modes.paths_below(session, row.area_path))
    announce(session, topic=TOPIC, kind=change, ref=row.id, area_path=row.area_path, also=also)


def put_mode(session: Session, *, level: str, mode: Mode, by: Actor) -> LevelMode:
    """Say which mode follows a level, for the whole city; it holds for the next change."""
    require(by, Act.SET_LEVEL, city_of(by.area_path))
    row = session.get(LevelMode, level)
    if row is None:
        raise Missing("There is no such level.")
    row.mode, row.changed_by_name = mode, by.name
    path = by.area_path
    audit.record(session, act="level.mode", subject=None, area_path=path, level=level, mode=mode)
    announce(session, topic=TOPIC, kind="mode", ref=None, area_path=path)
    return row


def _may(session: Session, draft: LevelDraft, by: Actor) -> PlanType:
    area = areas.by_path(session, draft.area_path)
    near = within(draft.area_path, by.area_path) or within(by.area_path, draft.area_path)
    if area is None or not near:
        raise Missing("There is no such area for you.")
    if area.level != AreaLevel.DISTRICT:
        raise Rejected("A response level is set for a district. Choose one or several.")
    require(by, Act.SET_LEVEL, draft.area_path)
    kind = session.get(PlanType, draft.plan_type)
    if kind is None:
        raise Rejected("Choose the kind of plan.")
    if draft.incident_id and incidents.visible(session, draft.incident_id).is_drill:
        raise Rejected("A drill changes no response level: lists and people would follow it.")
    return kind


def _begun(
    draft: LevelDraft, level: str, ground: str, *, by: Actor, begin: datetime
) -> ResponseLevel:
    row = ResponseLevel(
        id=draft.id or new_id(), area_path=draft.area_path, plan_type=draft.plan_type, level=level
    )
    row.period, row.ground = Range(begin, None), ground
    row.by_id, row.by_name, row.incident_id = by.id, by.name, draft.incident_id
    return row


def _again(known: ResponseLevel, draft: LevelDraft) -> Set:
    asked = (draft.area_path, draft.plan_type, draft.level)
    if (known.area_path, known.plan_type, known.level) != asked:
        raise Conflict("This change's number is taken. Reload the page and set it again.")
    return Set(known, None)
