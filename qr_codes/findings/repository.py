"""SQL for findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, contains_eager

from gis.errors import Missing
from qr_codes.assets.models import Asset
from qr_codes.findings.models import Finding, FindingStep

PAGE_ROWS = 50
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of findings is filtered by; open ones when no state is asked for."""

    state: str = ""
    grade: int | None = None
    asset_id: UUID | None = None
    q: str = ""
    page: int = 1


def visible(session: Session, finding_id: UUID, *, lock: bool = False) -> Finding:
    """Give a finding with its asset; what the asker cannot see does not exist."""
    query = (
        select(Finding)
        .join(Finding.asset)
        .join(Asset.type)
        .where(Finding.id == finding_id)
        .options(contains_eager(Finding.asset).contains_eager(Asset.type))
    )
    if lock:  # what was read before the lock may be stale
        query = query.with_for_update(of=Finding).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Missing("There is no such finding in your area.")
    return found


def open_defect(
    session: Session, *, asset_id: UUID, template_code: str, item_code: str
) -> Finding | None:
    """Give the open finding of this very defect, locked; other matters never join."""
    if item_code == OTHER:
        return None
    query = select(Finding).where(
        Finding.asset_id == asset_id,
        Finding.template_code == template_code,
        Finding.item_code == item_code,
        Finding.closed_at.is_(None),
    )
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def steps(session: Session, finding_id: UUID) -> Sequence[FindingStep]:
    """Give the steps of a finding in the order they were done."""
    query = select(FindingStep).where(FindingStep.finding_id == finding_id)
    return session.scalars(query.order_by(FindingStep.done_at, FindingStep.id)).all()


def step(session: Session, step_id: UUID) -> FindingStep | None:
    """Give a step by the id its maker gave it."""
    return session.get(FindingStep, step_id)


def of_inspection(session: Session, inspection_id: UUID) -> Sequence[Finding]:
    """Give the findings that an inspection opened or joined."""
    query = (
        select(Finding)
        .join(FindingStep, FindingStep.finding_id == Finding.id)
        .where(FindingStep.inspection_id == inspection_id)
        .order_by(Finding.grade, Finding.id)
    )
    return session.scalars(query).all()


def listing(session: Session, wanted: Wanted) -> tuple[Sequence[Finding], int]:
    """Give one page of findings, worst and oldest first, and the number of all that fit."""
    query = select(Finding).join(Finding.asset).join(Asset.type)
    if wanted.state:
        query = query.where(Finding.state == wanted.state)
    else:
        query = query.where(Finding.closed_at.is_(None))
    if wanted.grade is not None:
        query = query.where(Finding.grade == wanted.grade)
    if wanted.asset_id is not None:
        query = query.where(Finding.asset_id == wanted.asset_id)
    if wanted.q:
        like = [
            column.icontains(wanted.q, autoescape=True)
            for column in (Asset.name, Finding.text_zh, Finding.text_en, Finding.note)
        ]
        query = query.where(like[0] | like[1] | like[2] | like[3])
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True))
    query = (
        query.options(contains_eager(Finding.asset).contains_eager(Asset.type))
        .order_by(Finding.grade, Finding.found_at, Finding.id)
        .limit(PAGE_ROWS)
        .offset((wanted.page - 1) * PAGE_ROWS)
    )
    return session.scalars(query).all(), total or 0


def counts(session: Session) -> dict[str, int]:
    """Give the number of findings in each state."""
    query = select(Finding.state, func.count().label("total")).group_by(Finding.state)
    return {row.state: row.total for row in session.execute(query)}


def refresh_danger(session: Session, asset_id: UUID) -> None:
    """Keep beside the asset the worst grade that is open, for the resident's page."""
    worst = (
        select(func.min(Finding.grade))
        .where(Finding.asset_id == asset_id, Finding.closed_at.is_(None))
        .scalar_subquery()
    )
    session.flush()  # the count must see what was just changed
    session.execute(update(Asset).where(Asset.id == asset_id).values(worst_open_grade=worst))
