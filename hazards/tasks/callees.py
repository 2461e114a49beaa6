"""Who is called about a task or a danger: who looks after it, then the centres above."""

from collections.abc import Collection, Mapping, Sequence
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from hazards.calls.drafts import Callee, Step
from hazards.calls.rules import RungKind
from hazards.duty import people
from hazards.duty.models import Member
from hazards.points.models import HazardPoint

Centres = Mapping[str, Sequence[Member]]


def above(area_path: str) -> list[str]:
    """Give an area's path and those above it, the smallest first."""
    codes = [code for code in area_path.split("/") if code]
    return ["/" + "/".join(codes[:count]) + "/" for count in range(len(codes), 0, -1)]


def centres(session: Session, area_paths: Collection[str]) -> Centres:
    """Read the people of the centres of these areas and of all above, in one query."""
    return people.centre_staff(session, {path for one in area_paths for path in above(one)})


def members(session: Session, account_ids: Collection[UUID]) -> dict[UUID, Callee]:
    """Give people of the roster by their accounts."""
    query = select(Member).where(Member.account_id.in_(account_ids)).order_by(Member.rank.desc())
    return {one.account_id: callee(one) for one in session.scalars(query) if one.account_id}


def callee(member: Member) -> Callee:
    """Give a member as a call keeps him."""
    return Callee(
        member.name, member.area_path, member.post, member.phone,
        member_id=member.id, account_id=member.account_id,
    )  # fmt: skip


def owner_of(session: Session, point: HazardPoint) -> Callee | None:
    """Give who looks after a point: from the roster by his phone, else as the ledger names him."""
    if not point.owner_name:
        return None
    if point.owner_phone:
        query = select(Member).where(Member.phone == point.owner_phone).order_by(Member.rank)
        found = session.scalars(query.limit(1)).first()
        if found is not None:
            return callee(found)
    known = uuid5(NAMESPACE_OID, f"{point.owner_name} {point.owner_phone}")
    return Callee(
        point.owner_name, point.area_path, point.owner_unit, point.owner_phone, member_id=known
    )


def ladder(
    first: Sequence[Callee], staffed: Centres, area_path: str, *, at_once: bool = False
) -> tuple[Step, ...]:
    """Whose it is, then the centre's leader and deputy, then whoever leads the centres above.

    With `at_once` the nearest centre's leader is called together with the first.
    """
    chain = [[callee(m) for m in staffed[path]] for path in above(area_path) if staffed.get(path)]
    own, *higher = chain or [[]]
    if at_once or not first:
        steps = [Step(RungKind.FIRST, (*first, *own[:1])), *_steps(RungKind.DEPUTY, own[1:2])]
    else:
        steps = [Step(RungKind.FIRST, tuple(first)), *_steps(RungKind.DEPUTY, own[:1])]
    steps += [step for staff in higher for step in _steps(RungKind.SUPERIOR, staff[:1])]
    return tuple(steps) if steps[0].people else ()


def _steps(kind: RungKind, called: Sequence[Callee]) -> list[Step]:
    return [Step(kind, (who,)) for who in called]
