"""A finding that becomes a point of the map by a case; taken off the ledger, it is closed."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from hazards.points.cases import repository as cases
from hazards.points.cases import service as case_verbs
from hazards.points.cases.models import HazardPointDraft, LedgerCase
from hazards.points.cases.rules import State as CaseState
from hazards.points.cases.rules import Step as CaseStep
from hazards.points.cases.service import Said
from hazards.points.rules import Ground
from hazards.points.rules import State as PointState
from qr_codes.findings import keeping, repository, service
from qr_codes.findings.models import Finding
from qr_codes.findings.rules import ENDED, Step


def free(session: Session, finding: Finding) -> bool:
    """Tell whether a case may still make it a point: none did, or the one that tried was ended."""
    if finding.point_case_id is None:
        return True
    case = cases.find(session, finding.point_case_id)
    return case is not None and case.state == CaseState.WITHDRAWN


def become(
    session: Session, *, finding_id: UUID, point_id: UUID, case_id: UUID, by: Actor, now: datetime
) -> Finding:
    """Note which case makes a point of it; the same case again is noted once."""
    finding = repository.visible(session, finding_id, lock=True)
    require(by, Act.EDIT_POINT, finding.area_path)
    if finding.point_case_id == case_id:
        return finding
    if not free(session, finding):
        raise Conflict("This finding is a point already, or applied for. Open its case.")
    finding.point_id, finding.point_case_id = point_id, case_id
    step = keeping.step_row(finding, Step.TO_POINT, by=by, done_at=now, received_at=now)
    service.keep(session, finding, step)
    return finding


def take(
    session: Session,
    step: CaseStep,
    *,
    case_id: UUID,
    by: Actor,
    now: datetime,
    said: Said,
    told: Callable[[int], None] | None = None,
) -> LedgerCase:
    """Take a step of a case; what it takes off the ledger closes the finding it came from."""
    case = case_verbs.take(session, step, case_id=case_id, by=by, now=now, said=said, told=told)
    if case.state == CaseState.APPROVED:
        for finding in taken_off(session, case):
            close(session, finding, note=case.report, by=by, now=now)
    return case


def taken_off(session: Session, case: LedgerCase) -> list[Finding]:
    """Give the open findings whose points a case took off; an error of entry mends nothing."""
    query = (
        select(Finding)
        .join(Finding.asset)
        .join(HazardPointDraft, HazardPointDraft.point_id == Finding.point_id)
        .where(
            HazardPointDraft.case_id == case.id,
            HazardPointDraft.state == PointState.DELISTED,
            HazardPointDraft.delisted_ground != Ground.ENTERED_IN_ERROR,
            Finding.state.not_in(ENDED),
        )
        .options(contains_eager(Finding.asset))
        .with_for_update(of=Finding)
    )
    return list(session.scalars(query))


def close(session: Session, finding: Finding, *, note: str, by: Actor, now: datetime) -> None:
    """Close it with its point; the report of the case says why."""
    step = keeping.step_row(finding, Step.DELIST, by=by, done_at=now, received_at=now, note=note)
    service.keep(session, finding, step)
    keeping.settle(session, finding, by=by, now=now)
    repository.refresh_danger(session, finding.asset_id)


def of_point(session: Session, point_id: UUID) -> Finding | None:
    """Give the finding that a point came from, if the reader sees it."""
    query = select(Finding).where(Finding.point_id == point_id).order_by(Finding.found_at).limit(1)
    return session.scalar(query)
