"""Verb of reports: send one up. It settles the clock, and calls who is to read it."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, Rejected
from gis.store import audit
from gis.store.notify import announce
from rescue_app.incidents import clock, joining, limits, raising, repository, rules, service
from rescue_app.incidents.clock import ReportDraft, ReportKind
from rescue_app.incidents.models import Incident, SituationReport

REPORTED = "已上报 · reported up"


def send(
    session: Session, *, incident_id: UUID, draft: ReportDraft, by: Actor, now: datetime
) -> SituationReport:
    """Send the next report, or the final one; the same id again is the same report.

    The grade of the incident follows the report, and is never lower than its deaths mean.
    """
    draft = clock.checked(draft)
    if draft.grade is not None and draft.grade not in rules.GRADES:
        raise Rejected("The grade is one of I, II, III and IV.")
    incident = service.changeable(session, incident_id, by)
    known = repository.report(session, draft.id)
    if known is not None:
        return _same(known, incident)
    if incident.merged_into_id is not None:
        raise Conflict("This incident is joined with another one. Report about that one.")
    report = _written(session, incident, draft, by=by, now=now)
    up_to = limits.of_grade(session, report.grade)
    raising.settle(session, incident, by=by, now=now, why=REPORTED)
    if report.grade != incident.grade:
        joining.regrade(session, incident, report.grade, by=by, now=now)
    limits.wind(session, incident)
    if up_to is not None:
        raising.call_readers(session, incident, report, up_to=up_to.up_to, now=now)
    _told(session, incident, report)
    return report


def _written(
    session: Session, incident: Incident, draft: ReportDraft, *, by: Actor, now: datetime
) -> SituationReport:
    last = repository.last_report(session, incident.id)
    kind = clock.kind_of(draft, ReportKind(last.kind) if last else None)
    incident.reports += 1
    facts = asdict(draft)
    report = SituationReport(
        id=draft.id,
        incident_id=incident.id,
        area_path=incident.area_path,
        number=incident.reports,
        kind=kind,
        due_at=incident.report_due_at,
        sent_at=now,
        by_id=by.id,
        by_name=by.name,
        by_phone=repository.phone_of(session, by.id),
        from_path=by.area_path,
        happened_at=incident.happened_at,
        grade=rules.graver(draft.grade or incident.grade, rules.by_deaths(draft.counts["deaths"])),
        **facts["texts"],
        **facts["counts"],
    )
    session.add(report)
    session.flush()  # the clock reads the newest report
    return report


def _same(known: SituationReport, incident: Incident) -> SituationReport:
    if known.incident_id != incident.id:
        raise Conflict("This report's number is taken. Reload the page and send it again.")
    return known


def _told(session: Session, incident: Incident, report: SituationReport) -> None:
    path = incident.area_path
    facts = {"number": report.number, "kind": report.kind, "late": report.late}
    audit.record(session, act="incident.reported", subject=incident.id, area_path=path, **facts)
    announce(session, topic=service.TOPIC, kind="reported", ref=incident.id, area_path=path)
