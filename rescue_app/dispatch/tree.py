"""SQL of an order's tree: its sums, and a page of it, so that a page costs what it shows."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select, text
from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.store.base import among
from hazards.duty.models import CrewSeat, Member
from rescue_app.dispatch.cascade import Standing
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.reading import ENDED, OWES
from rescue_app.dispatch.rules import GONE, RANK, TAKEN_ON, UNANSWERED, HopKind, StepKind

# The same as `cascade.standing`, counted where the hops lie.
STANDING = text("""
    WITH RECURSIVE told AS MATERIALIZED (
        SELECT id, parent_id, holder, state FROM assignment WHERE order_id = :order_id
    ), live AS (
        SELECT t.* FROM told t
        WHERE t.state <> ALL(:gone) AND NOT EXISTS (SELECT FROM told p WHERE p.id = t.parent_id)
        UNION ALL
        SELECT t.* FROM told t JOIN live l ON t.parent_id = l.id WHERE t.state <> ALL(:gone)
    ), standing AS (
        SELECT l.state, l.holder = 'crew' AS is_crew, b.parent_id IS NULL AS is_end
        FROM live l LEFT JOIN (SELECT DISTINCT parent_id FROM live) b ON b.parent_id = l.id
    )
    SELECT count(*),
        count(*) FILTER (WHERE state = ANY(:unanswered)),
        count(*) FILTER (WHERE state = 'cannot'),
        count(*) FILTER (WHERE is_end AND is_crew),
        count(*) FILTER (WHERE is_end AND is_crew AND state = ANY(:answered)),
        count(*) FILTER (WHERE is_end AND is_crew AND state = ANY(:moving)),
        count(*) FILTER (WHERE is_end AND is_crew AND state = ANY(:arrived)),
        count(*) FILTER (WHERE is_end AND is_crew AND state = 'done'),
        count(*) FILTER (WHERE is_end)
    FROM standing
""")
ABOVE = text("""
    WITH RECURSIVE above AS (
        SELECT parent_id AS id FROM assignment WHERE id = ANY(:ids)
        UNION
        SELECT a.parent_id FROM assignment a JOIN above USING (id)
    )
    SELECT id FROM above WHERE id IS NOT NULL AND id <> ALL(:ids)
""")


def _at_least(kind: StepKind) -> list[StepKind]:
    return [one for one in TAKEN_ON if RANK[one] >= RANK[kind]]


def standing(session: Session, order_id: UUID) -> Standing:
    """Count the hops in force that the asker can see."""
    facts = {
        "order_id": order_id,
        "gone": list(GONE),
        "unanswered": list(UNANSWERED),
        "answered": _at_least(StepKind.ACCEPTED),
        "moving": _at_least(StepKind.MOVING),
        "arrived": _at_least(StepKind.ARRIVED),
    }
    hops, silent, returned, crews, answered, moving, arrived, done, ends = session.execute(
        STANDING, facts
    ).one()
    down = crews > 0 and answered == ends
    return Standing(hops, silent, returned, crews, answered, moving, arrived, done, down)


def count(session: Session, order_id: UUID) -> int:
    """Count all hops of an order that the asker can see, those taken back too."""
    query = select(func.count()).where(Assignment.order_id == order_id)
    return session.scalars(query).one()


def page(session: Session, order_id: UUID, *, number: int, size: int) -> list[Assignment]:
    """Give a page of the hops: who is silent or owes a word first, then by the hop's clock."""
    waits = or_(Assignment.state.in_(UNANSWERED), Assignment.offer_id.is_not(None), OWES)
    ended = Assignment.state.in_(ENDED)
    attention = case((waits, 0), (Assignment.state == StepKind.CANNOT, 1), (ended, 3), else_=2)
    query = (
        select(Assignment)
        .where(Assignment.order_id == order_id)
        .order_by(attention, Assignment.answer_due_at, Assignment.id)
        .offset((number - 1) * size)
        .limit(size)
    )
    return list(session.scalars(query))


def above(session: Session, hops: Sequence[Assignment]) -> list[Assignment]:
    """Give who passed the order down to these, all the way up, but not these themselves."""
    found = session.scalars(ABOVE, {"ids": [hop.id for hop in hops]}).all()
    return list(session.scalars(select(Assignment).where(among(Assignment.id, found))))


def own(session: Session, order_id: UUID, by: Actor) -> list[Assignment]:
    """Give the hops that this person may answer for, what waits for his word first."""
    his: ColumnElement[bool]
    if by.role is Role.CREW:
        seats = select(CrewSeat.crew_id).join(Member).where(Member.account_id == by.id)
        his = Assignment.crew_id.in_(seats)
    else:
        his = (Assignment.area_path == by.area_path) & (Assignment.holder != HopKind.CREW)
    ended = Assignment.state.in_(ENDED)
    query = (
        select(Assignment)
        .where(Assignment.order_id == order_id, his)
        .order_by(
            case((Assignment.state.in_(UNANSWERED), 0), (ended, 2), else_=1),
            Assignment.answer_due_at,
            Assignment.id,
        )
    )
    return list(session.scalars(query))


def hop(session: Session, order_id: UUID, hop_id: UUID) -> Assignment | None:
    """Find one hop of an order."""
    query = select(Assignment).where(Assignment.order_id == order_id, Assignment.id == hop_id)
    return session.scalar(query)


def holders(
    session: Session, order_id: UUID, *, units: Collection[UUID], crews: Collection[UUID]
) -> set[str]:
    """Tell which of these have the order, from whomever, as forms name them."""
    of_unit = Assignment.crew_id.is_(None) & among(Assignment.unit_id, units)
    query = select(Assignment.crew_id, Assignment.unit_id).where(
        Assignment.order_id == order_id,
        Assignment.state.not_in(GONE),
        of_unit | among(Assignment.crew_id, crews),
    )
    return {f"crew:{crew}" if crew else f"unit:{unit}" for crew, unit in session.execute(query)}
