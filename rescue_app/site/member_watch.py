"""The safety timer of each member on site: his own words wind it, nobody else's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.store.notify import announce
from gis.store.scope import PROGRAM
from hazards.calls import service as calls
from hazards.calls.rules import Urgency
from rescue_app.dispatch.members import calling as members
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.site.calling import CHECK_IN, heard

BATCH = 200
# The last word of each member on site: a step, report or tick of his, or a yes to the alarm.
HEARD = text("""
    WITH words AS (
        SELECT p.id, greatest(
            (SELECT max(s.done_at) FROM member_step s
             WHERE s.part_id = p.id AND s.kind <> 'queued'),
            (SELECT max(r.done_at) FROM site_report r
             WHERE r.assignment_id = p.assignment_id AND r.by_id = p.account_id),
            (SELECT max(t.done_at) FROM checklist_tick t
             WHERE t.assignment_id = p.assignment_id AND t.by_id = p.account_id),
            (SELECT max(g.answered_at) FROM call c JOIN call_rung g ON g.call_id = c.id
             WHERE c.topic = :topic AND c.ref = p.alarm_ref AND g.answer = 'yes')
        ) AS heard_at
        FROM member_part p WHERE p.state IN ('arrived', 'working')
    )
    UPDATE member_part p SET heard_at = w.heard_at, check_in_at = w.heard_at + :every
    FROM words w
    WHERE w.id = p.id AND (p.check_in_at IS NULL OR p.heard_at < w.heard_at)
""")
GONE = text("""
    UPDATE member_part SET check_in_at = NULL
    WHERE check_in_at IS NOT NULL AND state NOT IN ('arrived', 'working')
""")


def look(session: Session, *, now: datetime, every: timedelta) -> int:
    """Listen who was heard, and ask about who was not; give about how many was asked."""
    session.execute(HEARD, {"topic": CHECK_IN, "every": every})
    session.execute(GONE)
    session.expire_all()  # the rows were written past the session
    for part in _settled(session, now=now):
        if part.alarm_ref is not None:
            heard(session, part.alarm_ref, now=now)
            part.alarm_ref = None
    silent = _silent(session, now=now)
    for part, hop, order in silent:
        part.alarm_ref = _alarm(session, part, hop, order, now=now)
    return len(silent)


def _settled(session: Session, *, now: datetime) -> Sequence[MemberPart]:
    """Hold parts whose alarm has no reason any more."""
    over = MemberPart.check_in_at.is_(None) | (MemberPart.check_in_at > now)
    query = select(MemberPart).where(MemberPart.alarm_ref.is_not(None), over).limit(BATCH)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def _silent(session: Session, *, now: datetime) -> list[tuple[MemberPart, Assignment, Order]]:
    """Hold parts of members not heard of in time, about whom nobody was called."""
    query = (
        select(MemberPart, Assignment, Order)
        .join(Assignment, Assignment.id == MemberPart.assignment_id)
        .join(Order, Order.id == MemberPart.order_id)
        .where(MemberPart.check_in_at <= now, MemberPart.alarm_ref.is_(None))
        .order_by(MemberPart.check_in_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=MemberPart)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _alarm(
    session: Session, part: MemberPart, hop: Assignment, order: Order, *, now: datetime
) -> UUID:
    """Ask the member, then his leader and those above, whether he is safe."""
    since = part.heard_at or part.state_at
    ref = uuid5(part.id, f"{CHECK_IN} {since.isoformat()}")
    minutes = int((now - since).total_seconds() // 60)
    said = (
        f"{hop.name}的{part.name}在现场已 {minutes} 分钟没有消息：平安吗？",
        f"{part.name}, {hop.name_en or hop.name}: no word for {minutes} minutes. Are you safe?",
    )
    ladder = members.ladders(session, [(part, hop)])[part.id]
    draft = members.draft_of(order, part, ref, ladder, said, topic=CHECK_IN)
    loud = replace(draft, opener_name=PROGRAM.name, urgency=Urgency.FLASH, windows=())
    calls.open_many(session, [loud], now=now)
    announce(session, topic="order", kind="asked", ref=order.id, area_path=part.area_path)
    return ref
