"""From drafts to the ledger: one statement, whether a case has one draft or 250,000."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, inspect, or_, select, text, update
from sqlalchemy.orm import Session

from gis.errors import Conflict
from hazards.points.cases.models import HazardPointDraft, LedgerCase
from hazards.points.models import Entry, HazardPoint

SIGNED = ("version", "changed_at", "changed_by", "changed_by_name")
SAYS = tuple(
    column.key
    for column in inspect(HazardPointDraft).columns
    if column.key in Entry.__annotations__ and column.key not in SIGNED
)
"""Columns of an entry that a draft decides; the rest is who signs and when."""

SHOWN_OUTDATED = 20


def listed(table: str = "") -> str:
    """Join the columns' names, with their table in front."""
    return ", ".join(f"{table}{column}" for column in SAYS)


OUTDATED = text("""
    SELECT draft.point_id, draft.name, draft.base_version, coalesce(point.version, 0) AS version,
           coalesce(point.changed_by_name, '') AS changed_by_name, count(*) OVER () AS total
    FROM hazard_point_draft AS draft LEFT JOIN hazard_point AS point ON point.id = draft.point_id
    WHERE draft.case_id = :case_id AND NOT draft.left_out
      AND draft.base_version <> coalesce(point.version, 0)
    ORDER BY draft.point_id LIMIT :limit
""")
TAKEN = text("""
    SELECT draft.number FROM hazard_point_draft AS draft JOIN hazard_point AS point
      ON point.source = draft.source AND point.number = draft.number
    WHERE draft.case_id = :case_id AND NOT draft.left_out AND point.id <> draft.point_id
    LIMIT :limit
""")

UPDATE_ROWS = f"""
    UPDATE hazard_point AS point SET ({listed()}, version, changed_at, changed_by, changed_by_name)
        = ROW ({listed("draft.")}, point.version + 1, :now, :by_id, :by_name)
    FROM hazard_point_draft AS draft
    WHERE draft.case_id = :case_id AND NOT draft.left_out AND point.id = draft.point_id
      AND point.version = draft.base_version AND draft.point_id BETWEEN :first AND :last
"""  # noqa: S608 - made of the columns' own names
INSERT_ROWS = f"""
    INSERT INTO hazard_point (id, {listed()}, version, changed_at, changed_by, changed_by_name)
    SELECT point_id, {listed()}, 1, :now, :by_id, :by_name FROM hazard_point_draft
    WHERE case_id = :case_id AND NOT left_out AND base_version = 0
      AND point_id BETWEEN :first AND :last
    ON CONFLICT (id) DO NOTHING
"""  # noqa: S608 - as above
UPDATE, INSERT = text(UPDATE_ROWS), text(INSERT_ROWS)
PORTION = 5_000
"""Points written by one statement, so that a large case tells how far it is."""
PORTIONS = text("""
    SELECT (array_agg(point_id ORDER BY point_id))[1],
           (array_agg(point_id ORDER BY point_id DESC))[1]
    FROM (SELECT point_id, (row_number() OVER (ORDER BY point_id) - 1) / :portion AS portion
          FROM hazard_point_draft WHERE case_id = :case_id AND NOT left_out) AS drafts
    GROUP BY portion ORDER BY portion
""")
TOUCHED = text("""
    SELECT DISTINCT area_path FROM (
        SELECT area_path FROM hazard_point_draft WHERE case_id = :case_id AND NOT left_out
        UNION ALL
        SELECT point.area_path FROM hazard_point_draft AS draft
        JOIN hazard_point AS point ON point.id = draft.point_id
        WHERE draft.case_id = :case_id AND NOT draft.left_out
    ) AS places ORDER BY area_path
""")
COUNTED = text("""
    SELECT count(*) FILTER (WHERE NOT left_out AND base_version = 0),
           count(*) FILTER (WHERE NOT left_out AND base_version > 0 AND state = 'approved'),
           count(*) FILTER (WHERE NOT left_out AND base_version > 0 AND state = 'delisted'),
           count(*) FILTER (WHERE left_out)
    FROM hazard_point_draft WHERE case_id = :case_id
""")


@dataclass(frozen=True, slots=True)
class Outdated:
    """A draft made on a state that the ledger has left."""

    point_id: UUID
    name: str
    base_version: int
    version: int
    changed_by_name: str
    total: int


def outdated(session: Session, case_id: UUID, *, limit: int = SHOWN_OUTDATED) -> list[Outdated]:
    """Give drafts that no longer fit the ledger; `total` says how many there are."""
    rows = session.execute(OUTDATED, {"case_id": case_id, "limit": limit})
    return [Outdated(*row) for row in rows]


def taken_numbers(session: Session, case_id: UUID) -> Sequence[str]:
    """Give numbers of the case that another point has by now."""
    return session.scalars(TAKEN, {"case_id": case_id, "limit": SHOWN_OUTDATED}).all()


def old(case_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Hold for drafts that keep a case from the ledger: states it left, numbers others took."""
    of, point = HazardPointDraft, HazardPoint
    now = select(point.version).where(point.id == of.point_id).scalar_subquery()
    same = (point.source == of.source, point.number == of.number, point.id != of.point_id)
    moved = or_(of.base_version != func.coalesce(now, 0), exists().where(*same))
    return of.case_id == case_id, ~of.left_out, moved


def count_old(session: Session, case_id: UUID) -> int:
    """Count those drafts."""
    query = select(func.count()).select_from(HazardPointDraft).where(*old(case_id))
    return session.scalar(query) or 0


def set_old_aside(session: Session, case_id: UUID) -> None:
    """Leave all of them out at once."""
    aside = update(HazardPointDraft).where(*old(case_id)).values(left_out=True)
    session.execute(aside, execution_options={"synchronize_session": False})


def areas_touched(session: Session, case_id: UUID) -> list[str]:
    """Give the areas in which the case changes something, in order."""
    return list(session.scalars(TOUCHED, {"case_id": case_id}))


def count(session: Session, case: LedgerCase) -> int:
    """Count what the case holds and leaves out, and give how many points it would change."""
    session.flush()  # drafts made just now count too
    *held, case.count_left_out = session.execute(COUNTED, {"case_id": case.id}).one()
    case.count_new, case.count_changed, case.count_removed = held
    return int(sum(held))


def write(
    session: Session, case: LedgerCase, *, now: datetime, told: Callable[[int], None] | None = None
) -> None:
    """Make the ledger say what the drafts say, in the name of whoever applied for it.

    `told` hears of each portion: how many points it wrote.
    """
    by = {"case_id": case.id, "now": now, "by_id": case.author_id, "by_name": case.author_name}
    all_written = 0
    for first, last in session.execute(PORTIONS, {"case_id": case.id, "portion": PORTION}).all():
        portion = {**by, "first": first, "last": last}
        changed, made = session.execute(UPDATE, portion), session.execute(INSERT, portion)
        written = changed.rowcount + made.rowcount  # type: ignore[attr-defined]  # cursors' results
        all_written += written
        if told is not None:
            told(written)
    if all_written != case.size:
        raise Conflict("The ledger changed at this very moment. Approve the case again.")
