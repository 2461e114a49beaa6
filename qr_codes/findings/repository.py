"""SQL for findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from gis.areas.placing import CITY_ZONE, day_of
from gis.errors import Conflict, Missing
from qr_codes.assets.models import Asset
from qr_codes.findings.models import Finding, FindingStep
from qr_codes.findings.rules import CLOSED, SIGHTS, State

PAGE_ROWS = 50
OTHER = "other"
ABOUT_LABEL = "label"
"""The list of what is wrong with a label: no danger to anybody before it."""
FROM_RESIDENTS = "resident"
FROM_VIDEO = "video"
APART = (ABOUT_LABEL, FROM_RESIDENTS, FROM_VIDEO)
"""What no checklist asks. The lists of a kind ask the same by the same code in every mode."""


class Shown(StrEnum):
    """Which of them a board shows; all when nothing is asked for."""

    TODAY = "today"
    LATE = "late"
    OTHERS = "others"
    UNOWNED = "unowned"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of findings is filtered by; open ones when no state is asked for.

    `mine` is the area of whoever looks: what an office elsewhere has waits for others.
    """

    state: str = ""
    grade: int | None = None
    asset_id: UUID | None = None
    q: str = ""
    page: int = 1
    shown: str = ""
    mine: str = ""
    now: datetime | None = None


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


def same_defect(
    session: Session, *, asset_id: UUID, template_code: str, item_code: str, at: datetime
) -> Finding | None:
    """Give the finding of this very defect at that time, locked; other matters never join.

    It is the open one, or one closed later: a round that arrives late opens nothing anew.
    """
    if item_code == OTHER:
        return None
    query = select(Finding).where(
        defect_of(asset_id, template_code, item_code),
        Finding.closed_at.is_(None)
        | ((Finding.found_at <= at) & (Finding.closed_at > at) & Finding.state.in_(CLOSED)),
    )
    query = query.order_by(Finding.closed_at.desc().nulls_first()).limit(1)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def defect_of(asset_id: UUID, template_code: str, item_code: str) -> ColumnElement[bool]:
    """Give the condition of one defect: the list of another mode speaks of the same one."""
    apart = Finding.template_code == template_code
    same_list = apart if template_code in APART else Finding.template_code.not_in(APART)
    return and_(Finding.asset_id == asset_id, same_list, Finding.item_code == item_code)


def refuse_twin(session: Session, finding: Finding) -> None:
    """Hold that a closed finding does not open again beside a newer one of the same defect."""
    query = select(Finding.id).where(
        defect_of(finding.asset_id, finding.template_code, finding.item_code),
        Finding.item_code != OTHER,
        Finding.closed_at.is_(None),
    )
    if session.scalar(query.limit(1)) is not None:
        raise Conflict("The same defect was found again and is open already. Go on with that one.")


def claim_overdue(session: Session, *, now: datetime, today: date, limit: int) -> Sequence[Finding]:
    """Give findings whose stage is overdue and that nobody was called about today, locked."""
    query = (
        select(Finding)
        .join(Finding.asset)
        .where(Finding.due_at < now, Finding.called_on.is_(None) | (Finding.called_on < today))
        .options(contains_eager(Finding.asset))
        .order_by(Finding.due_at, Finding.id)
        .limit(limit)
        .with_for_update(of=Finding, skip_locked=True)
    )
    return session.scalars(query).all()


def steps(session: Session, finding_id: UUID) -> Sequence[FindingStep]:
    """Give the steps of a finding in the order they were done."""
    query = select(FindingStep).where(FindingStep.finding_id == finding_id)
    return session.scalars(query.order_by(FindingStep.done_at, FindingStep.id)).all()


def step(session: Session, step_id: UUID) -> FindingStep | None:
    """Give a step by the id its maker gave it."""
    return session.get(FindingStep, step_id)


def step_of(session: Session, finding_id: UUID, inspection_id: UUID) -> FindingStep:
    """Give the step that a visit or a report made."""
    query = select(FindingStep).where(
        FindingStep.finding_id == finding_id,
        FindingStep.inspection_id == inspection_id,
        FindingStep.act.in_(SIGHTS),
    )
    return session.scalars(query).one()


def of_inspection(session: Session, inspection_id: UUID) -> Sequence[Finding]:
    """Give the findings that an inspection opened or joined."""
    query = (
        select(Finding)
        .join(FindingStep, FindingStep.finding_id == Finding.id)
        .where(FindingStep.inspection_id == inspection_id, FindingStep.act.in_(SIGHTS))
        .order_by(Finding.grade, Finding.id)
    )
    return session.scalars(query).all()


def listing(session: Session, wanted: Wanted) -> tuple[Sequence[Finding], int]:
    """Give one page of findings, worst and oldest first, and the number of all that fit."""
    states = Finding.state == wanted.state if wanted.state else Finding.closed_at.is_(None)
    query = select(Finding).join(Finding.asset).join(Asset.type).where(states, *chosen(wanted))
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True))
    query = (
        query.options(contains_eager(Finding.asset).contains_eager(Asset.type))
        .order_by(Finding.grade, Finding.found_at, Finding.id)
        .limit(PAGE_ROWS)
        .offset((wanted.page - 1) * PAGE_ROWS)
    )
    return session.scalars(query).all(), total or 0


def chosen(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Give the conditions that hold for a list and a board alike; they speak of assets too."""
    found: list[ColumnElement[bool]] = []
    if wanted.grade is not None:
        found.append(Finding.grade == wanted.grade)
    if wanted.asset_id is not None:
        found.append(Finding.asset_id == wanted.asset_id)
    if wanted.q:
        said = (Asset.name, Finding.text_zh, Finding.text_en, Finding.note)
        found.append(or_(*(column.icontains(wanted.q, autoescape=True) for column in said)))
    if wanted.shown and wanted.now is not None:
        found.append(kinds(wanted.now, wanted.mine)[Shown(wanted.shown)])
    return found


def kinds(now: datetime, mine: str) -> dict[Shown, ColumnElement[bool]]:
    """Give the conditions of due today, late, with an office elsewhere, with nobody."""
    tomorrow = datetime.combine(day_of(now) + timedelta(days=1), time(), CITY_ZONE)
    elsewhere = and_(Finding.unit_path != "", Finding.unit_path != mine)
    return {
        Shown.TODAY: and_(Finding.due_at >= now, Finding.due_at < tomorrow),
        Shown.LATE: Finding.due_at < now,
        Shown.OTHERS: and_(Finding.closed_at.is_(None), or_(elsewhere, Finding.awaits_ruling)),
        Shown.UNOWNED: Finding.unowned_since.is_not(None),
    }


def counts(session: Session) -> dict[str, int]:
    """Give the number of findings in each state."""
    query = select(Finding.state, func.count().label("total")).group_by(Finding.state)
    return {row.state: row.total for row in session.execute(query)}


@dataclass(frozen=True, slots=True)
class Routing:
    """How open findings found their owners."""

    total: int
    by_list: int
    unowned_now: int
    unowned_s: int

    @property
    def share(self) -> float | None:
        """Tell which part the list routed by itself."""
        return self.by_list / self.total if self.total else None


def routing(session: Session) -> Routing:
    """Count over the open findings; time without an owner runs on while there is none."""
    still = func.extract("epoch", func.now() - Finding.unowned_since)
    waited = Finding.unowned_s + func.greatest(func.coalesce(still, 0), 0)
    query = select(
        func.count(),
        func.count().filter(Finding.routed_by == "list"),
        func.count().filter(Finding.unowned_since.is_not(None)),
        func.coalesce(func.sum(waited), 0),
    ).where(Finding.closed_at.is_(None))
    total, by_list, unowned_now, unowned_s = session.execute(query).one()
    return Routing(total, by_list, unowned_now, int(unowned_s))


def refresh_danger(session: Session, asset_id: UUID) -> None:
    """Keep beside the asset the worst grade that is open, for the resident's page.

    Anybody can report anything: until an office has accepted it, the page says that it is checked.
    """
    opened = Finding.asset_id == asset_id, Finding.closed_at.is_(None)
    hearsay = (Finding.template_code == FROM_RESIDENTS) & (Finding.state == State.DISCOVERED)
    grades = select(func.min(Finding.grade)).where(*opened, Finding.template_code != ABOUT_LABEL)
    worst, proven = grades.scalar_subquery(), grades.where(~hearsay).scalar_subquery()
    unproven = func.coalesce(worst < proven, worst.is_not(None))
    session.flush()  # the count must see what was just changed
    said = {"worst_open_grade": worst, "unproven": unproven}
    session.execute(update(Asset).where(Asset.id == asset_id).values(said))
