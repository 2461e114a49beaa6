"""Drafts of a case: what one person says of one point, or a query says of many."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Missing, Rejected
from hazards.points import attached, history, repository, rules
from hazards.points import facts as said
from hazards.points.cases import repository as cases
from hazards.points.cases.applying import SAYS, listed
from hazards.points.cases.models import HazardPointDraft, LedgerCase
from hazards.points.facts import Facts
from hazards.points.models import HazardPoint
from hazards.points.rules import Ground, State

OWN_SOURCE = "yitong"
"""Source of the points entered here; a point from a file has its file's."""


TAKEN = text("""
    SELECT EXISTS (SELECT FROM hazard_point
                   WHERE source = :source AND number = :number AND id <> :point_id)
        OR EXISTS (SELECT FROM numbers_taken_elsewhere(:source, ARRAY[:number]))
""")


def fill(session: Session, case: LedgerCase, rows: str, **values: object) -> int:
    """Draft what a query says, as one set; tells how many.

    `rows` is a SELECT that gives point_id, base_version and then the columns of `SAYS`, in this
    order; a constant of the caller's, with `values` bound into it.
    """
    statement = f"""
        INSERT INTO hazard_point_draft (case_id, unit_path, version, changed_at, changed_by,
            changed_by_name, point_id, base_version, {listed()})
        SELECT :_case, :_unit, base_version + 1, :_at, :_by, :_name, point_id, base_version,
            {listed()}
        FROM ({rows}) AS rows (point_id, base_version, {listed()})
    """  # noqa: S608 - made of the columns' own names and the caller's constant
    signed = {
        "_case": case.id,
        "_unit": case.unit_path,
        "_at": case.opened_at,
        "_by": case.author_id,
        "_name": case.author_name,
    }
    made = session.execute(text(statement), signed | values)
    return int(made.rowcount)  # type: ignore[attr-defined]  # a cursor's result


def add(
    session: Session, case: LedgerCase, *, point_id: UUID, facts: Facts, by: Actor, now: datetime
) -> HazardPointDraft:
    """Draft a point that is not on the ledger yet."""
    area_path = said.placed(session, facts.place, by=by, now=now)
    draft = session.get(HazardPointDraft, (case.id, point_id)) or HazardPointDraft(
        case_id=case.id,
        point_id=point_id,
        base_version=0,
        source=OWN_SOURCE,
        state=State.APPROVED,
        delisted_ground=None,
        synthetic=False,
    )
    take_files(session, case, draft, facts, known=draft.file_ids or (), by=by)
    number = facts.number.strip() or f"YT-{point_id.hex[-10:].upper()}"
    return written(session, case, draft, facts, number=number, area_path=area_path, now=now)


def amend(
    session: Session,
    case: LedgerCase,
    *,
    point: HazardPoint,
    facts: Facts,
    by: Actor,
    now: datetime,
) -> HazardPointDraft:
    """Draft a change of a point as it stands now."""
    area_path = point.area_path
    if facts.place != point.place:
        area_path = said.placed(session, facts.place, by=by, now=now)
    draft = session.get(HazardPointDraft, (case.id, point.id)) or copied(case, point)
    draft.base_version = point.version
    had = {*point.file_ids, *draft.file_ids}
    take_files(session, case, draft, facts, known=had, by=by)
    return written(session, case, draft, facts, number=facts.number, area_path=area_path, now=now)


def remove(
    session: Session, case: LedgerCase, *, point: HazardPoint, ground: Ground, now: datetime
) -> HazardPointDraft:
    """Draft that a point leaves the ledger."""
    draft = session.get(HazardPointDraft, (case.id, point.id)) or copied(case, point)
    draft.base_version = point.version
    draft.state, draft.delisted_ground = State.DELISTED, ground
    return signed(session, case, draft, now=now)


def take_files(
    session: Session,
    case: LedgerCase,
    draft: HazardPointDraft,
    facts: Facts,
    *,
    known: Iterable[UUID],
    by: Actor,
) -> None:
    """Take in the photos and documents that come with a draft."""
    with session.no_autoflush:  # the draft is not whole yet
        attached.take_in(
            session,
            facts.file_ids,
            point_id=draft.point_id,
            known=known,
            unit_path=case.unit_path,
            by=by,
        )


def add_files(
    session: Session, case: LedgerCase, file_ids: Sequence[UUID], *, by: Actor
) -> HazardPointDraft:
    """Let what was seen on site stay with the point of a case."""
    draft = cases.only_draft(session, case.id)
    if draft is None:
        raise Rejected("This case has many points. Attach the photos to the case alone.")
    attached.take_in(
        session,
        file_ids,
        point_id=draft.point_id,
        known=draft.file_ids,
        unit_path=case.unit_path,
        by=by,
    )
    draft.file_ids = rules.checked_files([*draft.file_ids, *file_ids])
    return draft


def copied(case: LedgerCase, point: HazardPoint) -> HazardPointDraft:
    """Begin a draft with what the point says."""
    same = {name: getattr(point, name) for name in SAYS}
    return HazardPointDraft(case_id=case.id, point_id=point.id, **same)


def written(
    session: Session,
    case: LedgerCase,
    draft: HazardPointDraft,
    facts: Facts,
    *,
    number: str,
    area_path: str,
    now: datetime,
) -> HazardPointDraft:
    """Make a draft say the facts."""
    number_is_free(session, draft, number.strip())
    said.say(session, draft, said.with_number(facts, number))
    draft.area_path = area_path
    return signed(session, case, draft, now=now)


def signed(
    session: Session, case: LedgerCase, draft: HazardPointDraft, *, now: datetime
) -> HazardPointDraft:
    """Put the author's name under a draft and keep it."""
    draft.unit_path, draft.version = case.unit_path, draft.base_version + 1
    draft.changed_at, draft.changed_by = now, case.author_id
    draft.changed_by_name = case.author_name
    session.add(draft)
    return draft


def number_is_free(session: Session, draft: HazardPointDraft, number: str) -> None:
    """Hold that no other point has the number, not even one the author cannot see."""
    asked = {"source": draft.source, "number": number, "point_id": draft.point_id}
    with session.no_autoflush:  # the draft is not whole yet
        if session.scalar(TAKEN, asked):
            raise Rejected("Another point has the number {number}. Check it.", number=number)


def current(session: Session, point_id: UUID, *, seen_version: int, by: Actor) -> HazardPoint:
    """Give a point to be changed; whoever saw an older version hears who changed what."""
    point = repository.find(session, point_id)
    if point is None:
        raise Missing("There is no such point. It may lie outside your area.")
    require(by, Act.EDIT_POINT, point.area_path)
    if point.version != seen_version:
        seen = repository.version(session, point_id, seen_version)
        raise Conflict(
            "{who} changed this point while you had it open ({what})."
            " Nothing of yours was saved. Reload, compare, and enter your change again.",
            who=point.changed_by_name,
            what=", ".join(history.changed_columns(seen, point) if seen else ()),
        )
    if point.state == State.DELISTED:
        raise Rejected("This point is de-listed and cannot be changed. Enter a new one.")
    return point
