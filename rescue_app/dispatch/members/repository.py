"""SQL for members' parts: what is written and held."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shapely import to_wkb
from sqlalchemy import insert as plain_insert
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.base import among
from hazards.duty.models import Crew, CrewSeat, Member
from hazards.duty.people import still_there
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.members.models import MemberNotice, MemberPart, MemberStep
from rescue_app.dispatch.members.rules import ENDED
from rescue_app.dispatch.rules import GONE, Step, StepKind

SHOW_ANSWERS = text("""
    UPDATE member_notice n SET answer = s.kind, answered_at = s.done_at
    FROM (
        SELECT DISTINCT ON (notice_id) notice_id, kind, done_at FROM member_step
        WHERE notice_id = ANY(:ids) AND kind IN ('change_taken', 'cannot')
        ORDER BY notice_id, done_at, id
    ) s
    WHERE n.id = s.notice_id
""")
ADD_STEP: Final = """
    INSERT INTO member_step (id, part_id, order_id, area_path, kind, by_id, by_name, by_phone,
        done_at, received_at, place, note, how, entered_by, via, notice_id)
    VALUES (%(id)s, %(part_id)s, %(order_id)s, %(area_path)s, %(kind)s, %(by_id)s, %(by_name)s,
        %(by_phone)s, %(done_at)s, %(received_at)s,
        ST_GeomFromWKB(decode(%(place)s, 'hex'), 4326), %(note)s, %(how)s, %(entered_by)s,
        %(via)s, %(notice_id)s)
    ON CONFLICT DO NOTHING
"""


def add_parts(session: Session, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Insert parts unless their ids are there already; give those that were new."""
    query = insert(MemberPart).values(list(rows)).on_conflict_do_nothing()
    return set(session.scalars(query.returning(MemberPart.id))) if rows else set()


def add_steps(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Add lines to logs; those that are there stay."""
    if rows:
        session.execute(insert(MemberStep).values(list(rows)).on_conflict_do_nothing())


def line(part: MemberPart, step: StepDraft, at: datetime) -> dict[str, Any]:
    """Give a line in the member's own name; who entered it for him stands beside it."""
    return {
        "id": step.id,
        "part_id": part.id,
        "order_id": part.order_id,
        "area_path": part.area_path,
        "kind": step.kind,
        "by_id": part.person_id,
        "by_name": part.name,
        "by_phone": part.phone,
        "done_at": step.done_at,
        "received_at": at,
        "place": None if step.place is None else to_wkb(step.place, hex=True),
        "note": step.note,
        "how": step.how,
        "entered_by": step.entered_by,
        "via": step.via,
        "notice_id": step.notice_id,
    }


def add_notices(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Note whom a change concerns."""
    if rows:
        session.execute(plain_insert(MemberNotice), list(rows))


def steps(session: Session, ids: Collection[UUID]) -> dict[UUID, MemberStep]:
    """Find lines by their ids."""
    query = select(MemberStep).where(among(MemberStep.id, ids))
    return {line.id: line for line in session.scalars(query)} if ids else {}


def part(session: Session, part_id: UUID) -> MemberPart | None:
    """Find a part that the asker can see."""
    return session.get(MemberPart, part_id)


def notice(session: Session, notice_id: UUID | None) -> MemberNotice | None:
    """Find a notice."""
    return session.get(MemberNotice, notice_id) if notice_id else None


def notices(session: Session, ids: Collection[UUID]) -> dict[UUID, MemberNotice]:
    """Find notices by their ids."""
    query = select(MemberNotice).where(among(MemberNotice.id, ids))
    return {notice.id: notice for notice in session.scalars(query)} if ids else {}


def locked(session: Session, part_id: UUID) -> MemberPart | None:
    """Find a part and hold it, so that its log is read whole."""
    query = select(MemberPart).where(MemberPart.id == part_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def locked_all(session: Session, part_ids: Collection[UUID]) -> dict[UUID, MemberPart]:
    """Find and hold parts, always in the same order: no deadlock."""
    query = select(MemberPart).where(among(MemberPart.id, part_ids)).order_by(MemberPart.id)
    fresh = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {part.id: part for part in session.scalars(fresh)}


def of_hop(session: Session, hop_id: UUID) -> list[MemberPart]:
    """Give all parts under a crew's hop."""
    return list(session.scalars(select(MemberPart).where(MemberPart.assignment_id == hop_id)))


def held_in_force(session: Session, hop_ids: Collection[UUID]) -> list[MemberPart]:
    """Find and hold parts under these hops that were not taken back, always in the same order."""
    query = (
        select(MemberPart)
        .where(among(MemberPart.assignment_id, hop_ids), MemberPart.state.not_in(GONE))
        .order_by(MemberPart.id)
        .with_for_update(key_share=True)
    )
    fresh = query.execution_options(populate_existing=True)
    return list(session.scalars(fresh)) if hop_ids else []


def own_of(session: Session, hop_id: UUID, account_id: UUID) -> MemberPart | None:
    """Find and hold the part that this person has under a crew's hop and is not through with."""
    query = (
        select(MemberPart)
        .where(
            MemberPart.assignment_id == hop_id,
            MemberPart.account_id == account_id,
            MemberPart.state.not_in(ENDED),
        )
        .with_for_update(key_share=True)
    )
    return session.scalar(query.execution_options(populate_existing=True))


def logs(session: Session, part_ids: Collection[UUID]) -> dict[UUID, list[Step]]:
    """Read the whole logs of parts."""
    found: dict[UUID, list[Step]] = {part_id: [] for part_id in part_ids}
    query = select(MemberStep).where(among(MemberStep.part_id, part_ids))
    for line in session.scalars(query) if part_ids else ():
        told = line.id, StepKind(line.kind), line.done_at, line.by_name, line.by_phone, line.note
        found[line.part_id].append(Step(*told))
    return found


def show_answers(session: Session, notice_ids: Collection[UUID]) -> None:
    """Keep beside notices the first answers to them."""
    if notice_ids:
        session.execute(SHOW_ANSWERS, {"ids": list(notice_ids)})


def leaders(session: Session, crew_id: UUID) -> list[Member]:
    """Give who leads a crew."""
    query = (
        select(Member)
        .join(CrewSeat, CrewSeat.member_id == Member.id)
        .where(CrewSeat.crew_id == crew_id, CrewSeat.leads, still_there())
    )
    return list(session.scalars(query))


def lent_to(session: Session, crew_id: UUID, *, hold: bool) -> str | None:
    """Give for whose area a crew works that is lent; held, its loan does not end meanwhile."""
    query = select(Crew.lent_path).where(Crew.id == crew_id)
    return session.scalar(query.with_for_update(read=True) if hold else query)
