"""By when each report of a grade is owed: minutes as data, which the city changes."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from gis.errors import Missing, Rejected
from gis.store import audit
from gis.store.notify import announce
from hazards.checklists.files import Strict, parse, read_yaml
from rescue_app.incidents import clock, repository
from rescue_app.incidents.clock import NOT_GRADED, Limits, ReportKind, Told
from rescue_app.incidents.models import Incident, ReportLimit

LONGEST_MIN = 43_200
TOPIC = "incident"
NOBODY = ""
"""Who changed a row that stands as it ships."""
MINUTES = ("first_min", "follow_up_min", "final_min")
Minutes = Annotated[int, Field(gt=0, le=LONGEST_MIN)]


class Entry(Strict):
    """The times of one grade as the file writes them."""

    grade: Literal["I", "II", "III", "IV", "none"]
    first_min: Minutes
    follow_up_min: Minutes
    final_min: Minutes
    up_to: Literal["city", "district"]


def load(session: Session, path: Path) -> None:
    """Bring in what ships; what the city set itself stays."""
    for entry in parse(path, TypeAdapter(tuple[Entry, ...]), read_yaml(path)):
        row = entry.model_dump() | {"changed_by_name": NOBODY}
        statement = insert(ReportLimit).values(row)
        shipped = ReportLimit.changed_by_name == NOBODY
        session.execute(
            statement.on_conflict_do_update(index_elements=["grade"], set_=row, where=shipped)
        )


def all_limits(session: Session) -> dict[str, ReportLimit]:
    """Give the times of every grade, the gravest first."""
    return {row.grade: row for row in session.scalars(select(ReportLimit).order_by("grade"))}


def of_grade(session: Session, grade: str | None) -> Limits | None:
    """Give the times of a grade; what nobody graded yet has times of its own.

    Where none are loaded none are owed: an incident is never turned away for that.
    """
    row = session.get(ReportLimit, grade or NOT_GRADED)
    return Limits(row.first_min, row.follow_up_min, row.final_min, row.up_to) if row else None


def put(session: Session, grade: str, limits: Limits, *, by: Actor) -> ReportLimit:
    """Set the times of a grade for the whole city; they hold for what is owed from now on."""
    require(by, Act.SET_REPORT_TIMES, city_of(by.area_path))
    row = session.get(ReportLimit, grade)
    if row is None:
        raise Missing("There is no such grade.")
    if not all(0 < getattr(limits, name) <= LONGEST_MIN for name in MINUTES):
        raise Rejected("Give each time in minutes, from 1 to {most}.", most=LONGEST_MIN)
    for name in (*MINUTES, "up_to"):
        setattr(row, name, getattr(limits, name))
    row.changed_by_name = by.name
    facts = {"grade": grade, **{name: getattr(limits, name) for name in MINUTES}}
    audit.record(session, act="incident.limits", subject=None, area_path=by.area_path, **facts)
    announce(session, topic=TOPIC, kind="limits", ref=None, area_path=by.area_path)
    return row


def wind(session: Session, incident: Incident) -> None:
    """Set an incident's clock to the report that is owed next, as its log and times say."""
    last = repository.last_report(session, incident.id)
    told = Told(
        opened_at=incident.opened_at,
        closed_at=incident.closed_at,
        merged=incident.merged_into_id is not None,
        last=ReportKind(last.kind) if last else None,
        last_at=last.sent_at if last else None,
    )
    given = of_grade(session, incident.grade)
    owed = clock.owed(told, given) if given else None
    incident.report_kind = owed.kind if owed else None
    incident.report_due_at = incident.report_call_at = owed.due_at if owed else None
