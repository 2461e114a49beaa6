"""What the pages of cases show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field, model_validator
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from gis.intake import repository as intake
from hazards.points import attached
from hazards.points.cases import applying, repository, rules
from hazards.points.cases.models import HazardPointDraft, LedgerCase
from hazards.points.cases.repository import PAGE_ROWS, Wanted
from hazards.points.cases.rules import Kind, State
from hazards.points.history import Difference, differences
from hazards.points.models import Entry, HazardPoint
from rescue_app.api.points_said import NO_NUL
from rescue_app.jobs import service as jobs
from rescue_app.web.points_view import areas_read, type_names

Facts = dict[str, Any]


class Whose(StrEnum):
    """Which cases a board shows."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"


class BoardQuery(BaseModel):
    """The questions a board takes."""

    whose: Whose = Whose.WAITING
    state: State | None = None
    q: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    @model_validator(mode="before")
    @classmethod
    def without_empty(cls, given: dict[str, object]) -> dict[str, object]:
        """Let an empty field mean no filter."""
        return {name: value for name, value in given.items() if value not in ("", [""])}

    def wanted(self, actor: Actor, whose: Whose, *, state: State | None) -> Wanted:
        """Give it as the repository takes it."""
        return Wanted(
            states=(state,) if state else (),
            author_id=actor.id if whose is Whose.MINE else None,
            waiting_for=actor if whose is Whose.WAITING else None,
            q=self.q.strip(),
            page=self.page,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One draft on the page: the state it was made on, what it would change, what others did."""

    draft: HazardPointDraft
    before: Entry | None
    point: HazardPoint | None
    differences: tuple[Difference, ...]
    theirs: tuple[Difference, ...]


def board(
    request: Request, session: Session, actor: Actor, now: datetime, asked: BoardQuery
) -> Facts:
    """Give one page of a board with the counts beside it."""
    rows, total = repository.listing(session, asked.wanted(actor, asked.whose, state=asked.state))
    counts = {
        whose: sum(repository.counts(session, asked.wanted(actor, whose, state=None)).values())
        for whose in Whose
    }
    by_state = repository.counts(session, asked.wanted(actor, asked.whose, state=None))
    return {
        "rows": rows,
        "total": total,
        "pages": max(1, -(-total // PAGE_ROWS)),
        "asked": asked,
        "counts": counts,
        "states": [(state, by_state[state]) for state in State if state in by_state],
        "areas": areas_read(request, session, (case.area_path for case in rows), now),
    }


def case_facts(
    request: Request, session: Session, actor: Actor, now: datetime, case: LedgerCase, page: int
) -> Facts:
    """Give a case with one page of its drafts, its steps and what this person can do."""
    drafts = repository.drafts(session, case.id, page=page)
    shown = lines(session, case, drafts)
    steps = repository.steps(session, case.id)
    undone_by = repository.undone_by(session, case.id)
    paths = {case.area_path, case.unit_path, *(draft.area_path for draft in drafts)}
    paths |= {line.before.area_path for line in shown if line.before is not None}
    total, standing = case.size, repository.standing(session, case)
    job, at_work = jobs.followed(session, case.job_id)
    return {
        "case": case,
        "lines": shown,
        "total": total,
        "waits": case.state in rules.UNDER_WAY,
        "page_number": page,
        "pages": max(1, -(-(total + case.count_left_out) // PAGE_ROWS)),
        "steps": steps,
        "shown_files": attached.files_of(session, [*states(shown), *steps]),
        "job": job,
        "at_work": at_work,
        "lost_until": jobs.lost_until(session, job, now=now),
        "nexts": () if at_work else rules.open_steps(standing, by=actor),
        "has_judged": case.state == State.REVIEWED and actor.id in standing.judges,
        "types": type_names(request, session),
        "areas": areas_read(request, session, paths, now),
        "undone_by": undone_by,
        "may_undo": case.state == State.APPROVED
        and undone_by is None
        and not at_work
        and may(actor, Act.EDIT_POINT, case.area_path),
        "is_mine": case.author_id == actor.id,
        "file": intake.of_case(session, case.id) if case.kind == Kind.IMPORT else None,
        "count_old": applying.count_old(session, case.id) if case.state == State.RETURNED else 0,
    }


def states(shown: Sequence[Line]) -> Iterator[Entry]:
    """Give all states of entries that some lines show."""
    return (one for line in shown for one in (line.draft, line.before, line.point) if one)


def lines(session: Session, case: LedgerCase, drafts: Any) -> list[Line]:
    """Hold each draft against the state it was made on, and against the ledger of now."""
    known = repository.befores(session, drafts)
    waits = case.state in rules.UNDER_WAY
    made = []
    for draft in drafts:
        before, point = known.get(draft.point_id, (None, None))
        would = differences(before, draft) if before is not None else ()
        theirs = differences(before, point) if waits and before and point else ()
        made.append(Line(draft, before, point, would, theirs))
    return made
