"""Every line of a night in one row of time: hops, changes, sites, reports, levels, ladders."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from geoalchemy2.types import Geometry
from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Text,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.store.base import among
from hazards.calls.models import Call, CallEvent, CallRung
from hazards.calls.rules import ANSWERS
from rescue_app.dispatch import answering
from rescue_app.dispatch.members.models import MemberPart, MemberStep
from rescue_app.dispatch.models import BOTH, Assignment, AssignmentStep, Order, OrderChange
from rescue_app.dispatch.rules import HopKind, StepKind
from rescue_app.incidents.models import Incident, IncidentStep, SituationReport
from rescue_app.levels.models import ResponseLevel
from rescue_app.review.rules import DEPARTMENT, MEMBER
from rescue_app.site.models import ChecklistTick, SiteReport

PAGE_ROWS = 100
OWN_LOG = tuple(answering.ABOUT_ORDERS)
"""What calls about these say stands in logs of their own."""
ORDER = ("at", "source", "kind", "unit", "who", "words", "matter", "lane", "order_id")
"""Of one moment there may be thousands of lines: each keeps its place from page to page."""


class Source(StrEnum):
    """Which log a line comes from."""

    HOP = "hop"
    MEMBER = "member"
    CHANGE = "change"
    SITE = "site"
    INCIDENT = "incident"
    REPORT = "report"
    LEVEL = "level"
    RUNG = "rung"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Night:
    """Whose lines: the incidents joined into one, and the calls about them."""

    incident_ids: Sequence[UUID]
    call_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of it; empty means all."""

    source: str = ""
    lane: str = ""
    order_id: UUID | None = None


TEXTS = (
    "source", "kind", "lane", "unit", "unit_en", "who", "words", "words_en", "matter", "matter_en",
    "how", "entered_by", "via",
)  # fmt: skip


def _row(source: Source, at: Any, **said: Any) -> list[ColumnElement[Any]]:
    """Give the columns of a source, the same for all."""
    told = dict.fromkeys(TEXTS, literal("", Text)) | {"source": literal(source.value, Text)}
    told |= said
    return [
        at.label("at"),
        said.get("heard_at", at).label("heard_at"),
        *(cast(told[name], Text).label(name) for name in TEXTS),
        said.get("order_id", cast(null(), Order.id.type)).label("order_id"),
        cast(said.get("people", null()), SiteReport.people_moved.type).label("people"),
        said.get("place", cast(null(), Geometry("POINT", srid=4326))).label("place"),
    ]


ABOUT = {"matter": Order.what, "matter_en": Order.what_en}
LANE = case(
    (Assignment.holder == HopKind.CREW, "crew"),
    (Assignment.holder == HopKind.DEPARTMENT, DEPARTMENT),
    else_=Assignment.level,
)


def _given(night: Night) -> Select[Any]:
    columns = _row(
        Source.HOP, Assignment.began_at, kind=literal(StepKind.QUEUED.value), lane=LANE,
        unit=Assignment.name, unit_en=Assignment.name_en, who=Assignment.giver_name,
        **ABOUT, order_id=Order.id,
    )  # fmt: skip
    mine = among(Order.incident_id, night.incident_ids)
    return select(*columns).join(Order, Order.id == Assignment.order_id).where(mine)


def _hops(night: Night) -> Select[Any]:
    columns = _row(
        Source.HOP, AssignmentStep.done_at, heard_at=AssignmentStep.received_at,
        kind=AssignmentStep.kind, lane=LANE, unit=Assignment.name, unit_en=Assignment.name_en,
        who=AssignmentStep.by_name, words=_said(0), words_en=_said(1), **ABOUT,
        order_id=Order.id, place=AssignmentStep.place, how=_how(AssignmentStep),
        entered_by=_entered(AssignmentStep), via=_via(AssignmentStep),
    )  # fmt: skip
    return (
        select(*columns)
        .join(Assignment, Assignment.id == AssignmentStep.assignment_id)
        .join(Order, Order.id == AssignmentStep.order_id)
        .where(among(Order.incident_id, night.incident_ids))
    )


def _said(part: int) -> ColumnElement[str]:
    """Give a note; of the program's own the Chinese (0) or the English (1)."""
    own = func.split_part(AssignmentStep.note, BOTH, part + 1)
    climbed = AssignmentStep.kind == StepKind.CLIMBED_OVER
    return case((climbed, own), else_="" if part else AssignmentStep.note)


def _members(night: Night) -> Select[Any]:
    columns = _row(
        Source.MEMBER, MemberStep.done_at, heard_at=MemberStep.received_at, kind=MemberStep.kind,
        lane=literal(MEMBER), unit=Assignment.name, unit_en=Assignment.name_en,
        who=_whose(), words=MemberStep.note, matter=_part(Order.what),
        matter_en=_part(Order.what_en), order_id=Order.id,
        place=MemberStep.place, how=_how(MemberStep), entered_by=_entered(MemberStep),
        via=_via(MemberStep),
    )  # fmt: skip
    return (
        select(*columns)
        .join(MemberPart, MemberPart.id == MemberStep.part_id)
        .join(Assignment, Assignment.id == MemberPart.assignment_id)
        .join(Order, Order.id == MemberStep.order_id)
        .where(among(Order.incident_id, night.incident_ids))
    )


def _whose() -> ColumnElement[str]:
    """Name the member, and whoever gave him his part or took it back."""
    given = MemberStep.by_name.concat(" → ").concat(MemberPart.name)
    return case((MemberStep.by_name == MemberPart.name, MemberPart.name), else_=given)


def _part(whole: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Name what is his of the order; without words it is all of it."""
    return func.coalesce(func.nullif(MemberPart.words, ""), whole)


def _how(log: type[AssignmentStep | MemberStep]) -> ColumnElement[str]:
    return func.coalesce(log.how, "")


def _entered(log: type[AssignmentStep | MemberStep]) -> ColumnElement[str]:
    return func.coalesce(log.entered_by, "")


def _via(log: type[AssignmentStep | MemberStep]) -> ColumnElement[str]:
    return func.coalesce(log.via, "")


def _orders(night: Night) -> list[Select[Any]]:
    changes = _row(
        Source.CHANGE, OrderChange.made_at, kind=OrderChange.kind, who=OrderChange.by_name,
        words=OrderChange.why, **ABOUT, order_id=Order.id,
    )  # fmt: skip
    sites = _row(
        Source.SITE, SiteReport.done_at, heard_at=SiteReport.received_at, lane=literal("crew"),
        kind=func.coalesce(SiteReport.need, SiteReport.kind), unit=Assignment.name,
        unit_en=Assignment.name_en, who=SiteReport.by_name, words=SiteReport.words,
        **ABOUT, order_id=Order.id, people=SiteReport.people_moved,
        place=SiteReport.place,
    )  # fmt: skip
    item = Order.checklist[ChecklistTick.item]
    ticks = _row(
        Source.SITE, ChecklistTick.done_at, heard_at=ChecklistTick.received_at,
        lane=literal("crew"), kind=case((ChecklistTick.ticked, "ticked"), else_="unticked"),
        unit=Assignment.name, unit_en=Assignment.name_en, who=ChecklistTick.by_name,
        words=item["zh"].astext, words_en=item["en"].astext, **ABOUT, order_id=Order.id,
    )  # fmt: skip
    mine = among(Order.incident_id, night.incident_ids)
    done = select(*ticks).join(Assignment, Assignment.id == ChecklistTick.assignment_id)
    told = select(*sites).join(Assignment, Assignment.id == SiteReport.assignment_id)
    return [
        select(*changes).join(Order, Order.id == OrderChange.order_id).where(mine),
        told.join(Order, Order.id == SiteReport.order_id).where(mine),
        done.join(Order, Order.id == ChecklistTick.order_id).where(mine),
    ]


def _incidents(night: Night) -> list[Select[Any]]:
    steps = _row(
        Source.INCIDENT, IncidentStep.at, kind=IncidentStep.kind, who=IncidentStep.by_name,
        words=IncidentStep.note, matter=Incident.title, place=Incident.place,
    )  # fmt: skip
    reports = _row(
        Source.REPORT, SituationReport.sent_at, kind=SituationReport.kind,
        who=SituationReport.by_name, words=SituationReport.nature,
    )  # fmt: skip
    levels = _row(
        Source.LEVEL, func.lower(ResponseLevel.period), kind=ResponseLevel.level,
        who=ResponseLevel.by_name, words=ResponseLevel.ground,
    )  # fmt: skip
    return [
        select(*steps)
        .join(Incident, Incident.id == IncidentStep.incident_id)
        .where(among(IncidentStep.incident_id, night.incident_ids)),
        select(*reports).where(among(SituationReport.incident_id, night.incident_ids)),
        select(*levels).where(among(ResponseLevel.incident_id, night.incident_ids)),
    ]


def _calls(night: Night) -> list[Select[Any]]:
    """People called, and what they said, unless it stands in a log of its own."""
    rungs = _row(
        Source.RUNG, CallRung.queued_at, kind=CallRung.kind, who=CallRung.name,
        unit=CallRung.post, matter=Call.text_zh, matter_en=Call.text_en,
    )  # fmt: skip
    said = _row(
        Source.CALL, CallEvent.done_at, heard_at=CallEvent.received_at, kind=CallEvent.kind,
        who=CallEvent.by_name, matter=Call.text_zh, matter_en=Call.text_en,
        words=func.concat_ws(" ", func.nullif(CallEvent.why, ""), CallEvent.next_step),
        how=func.coalesce(CallEvent.taken_by, ""), via=func.coalesce(CallEvent.channel, ""),
    )  # fmt: skip
    return [
        select(*rungs)
        .join(Call, Call.id == CallRung.call_id)
        .where(among(CallRung.call_id, night.call_ids), CallRung.queued_at.is_not(None)),
        select(*said)
        .join(Call, Call.id == CallEvent.call_id)
        .where(
            among(CallEvent.call_id, night.call_ids),
            CallEvent.kind.in_(ANSWERS),
            Call.topic.not_in(OWN_LOG),
        ),
    ]


def everything(night: Night) -> Subquery:
    """Give all lines of a night as one table."""
    parts = [_given(night), _hops(night), _members(night), *_orders(night)]
    return union_all(*parts, *_incidents(night), *_calls(night)).subquery("night")


def _filtered(lines: Subquery, wanted: Wanted) -> list[ColumnElement[bool]]:
    held: list[ColumnElement[bool]] = []
    if wanted.source:
        held.append(lines.c.source == wanted.source)
    if wanted.lane:
        held.append(lines.c.lane == wanted.lane)
    if wanted.order_id is not None:
        held.append(lines.c.order_id == wanted.order_id)
    return held


def page(
    session: Session, night: Night, wanted: Wanted, *, offset: int = 0, limit: int = PAGE_ROWS
) -> Sequence[Any]:
    """Give some lines in the order in which things were done."""
    lines = everything(night)
    query = select(lines).where(*_filtered(lines, wanted))
    ordered = query.order_by(*(lines.c[name] for name in ORDER))
    return session.execute(ordered.offset(offset).limit(limit)).all()


def counts(session: Session, night: Night) -> tuple[dict[str, int], dict[str, int]]:
    """Count the lines by their source and by their lane."""
    lines = everything(night)
    query = select(lines.c.source, lines.c.lane, func.count()).group_by(
        lines.c.source, lines.c.lane
    )
    sources: dict[str, int] = {}
    lanes: dict[str, int] = {}
    for source, lane, count in session.execute(query):
        sources[source] = sources.get(source, 0) + count
        if lane:
            lanes[lane] = lanes.get(lane, 0) + count
    return sources, lanes


def count(session: Session, night: Night, wanted: Wanted) -> int:
    """Count the lines that are wanted."""
    lines = everything(night)
    query = select(func.count()).select_from(lines).where(*_filtered(lines, wanted))
    return session.scalar(query) or 0
