"""SQL of cases: find, list, and who judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from gis.authority import RIGHTS, Act, Actor, Role
from gis.errors import Missing
from hazards.points.cases.models import CaseStep, HazardPointDraft, LedgerCase
from hazards.points.cases.rules import UNDER_WAY, WITH_AUTHOR, Kind, Standing, State, Step
from hazards.points.filters import says
from hazards.points.models import Entry, HazardPoint, HazardPointVersion

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows; nothing given means all."""

    states: tuple[State, ...] = ()
    author_id: UUID | None = None
    waiting_for: Actor | None = None
    q: str = ""
    point_id: UUID | None = None
    page: int = 1

    def conditions(self) -> list[ColumnElement[bool]]:
        """Give it as conditions on `ledger_case`."""
        chosen: list[ColumnElement[bool]] = []
        if self.states:
            chosen.append(LedgerCase.state.in_(self.states))
        if self.author_id is not None:
            chosen.append(LedgerCase.author_id == self.author_id)
        if self.waiting_for is not None:
            chosen.append(waits_for(self.waiting_for))
        if self.q.strip():
            chosen.append(says(self.q, LedgerCase.title, LedgerCase.author_name))
        if self.point_id is not None:
            meant = HazardPointDraft.point_id == self.point_id, ~HazardPointDraft.left_out
            chosen.append(LedgerCase.id.in_(select(HazardPointDraft.case_id).where(*meant)))
        return chosen


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Match cases whose next step is this person's, as `rules.open_steps` says for one."""
    theirs = LedgerCase.author_id != actor.id
    may_edit, may_review, may_approve = (
        literal(actor.role is Role.SYSTEM or actor.role in RIGHTS[act])
        for act in (Act.EDIT_POINT, Act.REVIEW_POINT, Act.APPROVE_POINT)
    )
    is_undo, state = LedgerCase.kind == Kind.UNDO, LedgerCase.state
    reviewed = select(CaseStep.case_id).where(
        CaseStep.act == Step.REVIEW, CaseStep.person_id == actor.id
    )
    inside = LedgerCase.area_path.startswith(actor.area_path, autoescape=True)
    return or_(
        and_(~theirs, state.in_(WITH_AUTHOR)),
        and_(inside, state == State.APPLIED, ~is_undo, may_edit),
        and_(inside, state == State.APPLIED, is_undo, theirs, may_review),
        and_(inside, state == State.SURVEYED, theirs, may_review),
        and_(inside, state == State.REVIEWED, theirs, may_approve, LedgerCase.id.not_in(reviewed)),
    )


def find(session: Session, case_id: UUID) -> LedgerCase | None:
    """Give a case the reader may see."""
    return session.get(LedgerCase, case_id)


def visible(session: Session, case_id: UUID, *, lock: bool = False) -> LedgerCase:
    """Give a case, or say that there is none for this reader."""
    query = select(LedgerCase).where(LedgerCase.id == case_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    case = session.scalar(query)
    if case is None:
        raise Missing("There is no such case. It may belong to another unit.")
    return case


def listing(session: Session, asked: Wanted) -> tuple[Sequence[LedgerCase], int]:
    """Give one page of cases, the last moved first, and how many there are."""
    total = select(func.count()).select_from(LedgerCase).where(*asked.conditions())
    rows = page(select(LedgerCase).where(*asked.conditions()), asked.page)
    return session.scalars(rows).all(), session.scalar(total) or 0


def page(query: Select[LedgerCase], number: int) -> Select[LedgerCase]:
    """Give one page of a list of cases."""
    ordered = query.order_by(LedgerCase.changed_at.desc(), LedgerCase.id.desc())
    return ordered.limit(PAGE_ROWS).offset((number - 1) * PAGE_ROWS)


def counts(session: Session, asked: Wanted) -> dict[str, int]:
    """Count cases by state."""
    query = select(LedgerCase.state, func.count()).where(*asked.conditions())
    return {state: number for state, number in session.execute(query.group_by(LedgerCase.state))}  # noqa: C416 - rows, not pairs


def steps(session: Session, case_id: UUID) -> Sequence[CaseStep]:
    """Give the steps of a case, oldest first."""
    query = select(CaseStep).where(CaseStep.case_id == case_id)
    return session.scalars(query.order_by(CaseStep.at, CaseStep.created_at, CaseStep.id)).all()


def step(session: Session, step_id: UUID) -> CaseStep | None:
    """Give a step."""
    return session.get(CaseStep, step_id)


def standing(session: Session, case: LedgerCase) -> Standing:
    """Say where a case stands, for its rules."""
    judges: set[UUID] = set()
    for taken in steps(session, case.id):
        if taken.act == Step.APPLY:
            judges.clear()
        if taken.act == Step.REVIEW:
            judges.add(taken.person_id)
    return Standing(
        Kind(case.kind), State(case.state), case.author_id, case.area_path, frozenset(judges)
    )


def drafts(session: Session, case_id: UUID, *, page: int = 1) -> Sequence[HazardPointDraft]:
    """Give one page of a case's drafts, those left out at the end."""
    of = HazardPointDraft
    query = select(of).where(of.case_id == case_id).order_by(of.left_out, of.number, of.point_id)
    return session.scalars(query.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)).all()


def draft(session: Session, case_id: UUID, point_id: UUID) -> HazardPointDraft | None:
    """Give what a case says of one point."""
    return session.get(HazardPointDraft, (case_id, point_id))


def befores(
    session: Session, drafted: Sequence[HazardPointDraft]
) -> dict[UUID, tuple[Entry, HazardPoint]]:
    """Give for each draft of a known point the state it was made on, and the state now."""
    ids = [draft.point_id for draft in drafted if draft.base_version]
    points = {p.id: p for p in session.scalars(select(HazardPoint).where(HazardPoint.id.in_(ids)))}
    made_on = [(draft.point_id, draft.base_version) for draft in drafted]
    key = tuple_(HazardPointVersion.point_id, HazardPointVersion.version)
    replaced = select(HazardPointVersion).where(key.in_(made_on))
    old: dict[UUID, Entry] = {v.point_id: v for v in session.scalars(replaced)}
    return {point_id: (old.get(point_id, point), point) for point_id, point in points.items()}


def only_draft(session: Session, case_id: UUID) -> HazardPointDraft | None:
    """Give the draft of a case that has one."""
    mine = HazardPointDraft.case_id == case_id, ~HazardPointDraft.left_out
    found = session.scalars(select(HazardPointDraft).where(*mine).limit(2)).all()
    return found[0] if len(found) == 1 else None


def undone_by(session: Session, case_id: UUID) -> LedgerCase | None:
    """Give the case that undoes, or is about to undo, this one."""
    alive = or_(LedgerCase.state.in_(UNDER_WAY), LedgerCase.state == State.APPROVED)
    return session.scalar(select(LedgerCase).where(and_(LedgerCase.undoes_id == case_id, alive)))
