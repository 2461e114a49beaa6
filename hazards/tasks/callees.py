"""Who is called about a task or a danger: who looks after it, his deputy, who is above them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import ARRAY, Text, any_, literal, select
from sqlalchemy.orm import Session

from hazards.calls.drafts import Callee, Step
from hazards.calls.rules import RungKind
from hazards.duty import people
from hazards.duty.models import Member
from hazards.duty.responsibility import Owner, Person, Post, above
from hazards.tasks.models import Task

Centres = Mapping[str, Sequence[Member]]


def centres(session: Session, area_paths: Collection[str]) -> Centres:
    """Read the people of the centres of these areas and of all above, in one query."""
    return people.centre_staff(session, {path for one in area_paths for path in above(one)})


def members(session: Session, account_ids: Collection[UUID]) -> dict[UUID, Callee]:
    """Give people of the roster by their accounts."""
    query = select(Member).where(Member.account_id.in_(account_ids), people.still_there())
    query = query.order_by(Member.rank.desc())
    return {one.account_id: callee(one) for one in session.scalars(query) if one.account_id}


def callee(member: Member) -> Callee:
    """Give a member as a call keeps him."""
    return Callee(
        member.name, member.area_path, member.post, member.phone,
        member_id=member.id, account_id=member.account_id,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carriers:
    """People of the roster: by their accounts, and by name and phone whoever cannot sign in."""

    accounts: Mapping[UUID, Callee]
    named: Mapping[tuple[str, str], Callee]

    def of(self, task: Task) -> Callee | None:
        """Give who carries a task; who cannot sign in is known by his name and phone."""
        if task.account_id is not None:
            there = Callee(task.person, task.area_path, account_id=task.account_id)
            return self.accounts.get(task.account_id, there)
        if not task.person or not task.person_phone:
            return None
        there = written(task.person, task.person_phone, task.area_path)
        return self.named.get((task.person, task.person_phone), there)


def carriers(session: Session, tasks: Sequence[Task]) -> Carriers:
    """Read who carries these tasks."""
    accounts = {task.account_id for task in tasks if task.account_id}
    phones = {task.person_phone for task in tasks if task.account_id is None} - {""}
    return Carriers(members(session, accounts), by_name(session, phones))


class Named(Protocol):
    """An owner as the ledger names him."""

    @property
    def owner_name(self) -> str: ...  # noqa: D102 - named by what it is
    @property
    def owner_phone(self) -> str: ...  # noqa: D102 - as above
    @property
    def owner_unit(self) -> str: ...  # noqa: D102 - as above
    @property
    def area_path(self) -> str: ...  # noqa: D102 - as above


def owner_of(session: Session, point: Named) -> Callee | None:
    """Give who looks after a point: from the roster by his phone, else as the ledger names him.

    Who is on the roster as having left looks after it no more.
    """
    return named_owner(point, by_phone(session, {point.owner_phone} - {""}))


def by_phone(session: Session, phones: Collection[str]) -> dict[str, Callee | None]:
    """Give people of the roster by their phones, whoever has left as nobody; in one query."""
    gone = ~people.still_there()
    query = select(Member, gone).where(Member.phone == any_(literal(list(phones), ARRAY(Text()))))
    found: dict[str, Callee | None] = {}
    for member, has_left in session.execute(query.order_by(gone, Member.rank)):
        found.setdefault(member.phone, None if has_left else callee(member))
    return found


def by_name(session: Session, phones: Collection[str]) -> dict[tuple[str, str], Callee]:
    """Give people of the roster by their names and phones, of those who have these phones."""
    there = Member.phone == any_(literal(list(phones), ARRAY(Text())))
    query = select(Member).where(there, people.still_there()).order_by(Member.rank.desc())
    return {(one.name, one.phone): callee(one) for one in session.scalars(query)}


def named_owner(point: Named, roster: Mapping[str, Callee | None]) -> Callee | None:
    """Give who looks after a point: from the roster, else as the ledger names him."""
    if not point.owner_name:
        return None
    if point.owner_phone in roster:
        return roster[point.owner_phone]
    return written(point.owner_name, point.owner_phone, point.area_path, point.owner_unit)


def written(name: str, phone: str, area_path: str, post: str = "") -> Callee:
    """Give somebody whom no roster knows as he is written."""
    return Callee(name, area_path, post, phone, member_id=unlisted(name, phone))


def unlisted(name: str, phone: str) -> UUID:
    """Give somebody whom no roster knows the same id whenever he is named."""
    return uuid5(NAMESPACE_OID, f"{name} {phone}")


def by_list(person: Person | None, unit: Post | None, area_path: str) -> list[Callee]:
    """Give whom the responsibility list names as a call keeps him; who has left is nobody."""
    if person is None or person.gone:
        return []
    where = unit.area_path if unit else area_path
    known = person.id or unlisted(person.name, person.phone)
    return [
        Callee(
            person.name, where, person.post, person.phone,
            member_id=known, account_id=person.account_id,
        )
    ]  # fmt: skip


def acting(owner: Owner, area_path: str) -> list[Callee]:
    """Give who owns a point now, by the list."""
    return by_list(owner.acting, owner.acting_unit, area_path)


def climb(
    carrier: Callee | None, owner: Owner, staffed: Centres, area_path: str
) -> tuple[Step, ...]:
    """Whoever carries it and whoever the list names, his deputy, the unit's head, the centres.

    Where no list speaks of it, the centres of its own place climb alone.
    """
    carriers = [carrier] if carrier else []
    if owner.line is None:
        return ladder(carriers, staffed, area_path)
    deputy = by_list(owner.deputy, owner.unit, area_path)
    head = by_list(owner.head, owner.acting_unit, area_path)
    leaders = [callee(staffed[path][0]) for path in above(area_path) if staffed.get(path)]
    return (
        *_steps(RungKind.FIRST, [*carriers, *acting(owner, area_path)]),
        *_steps(RungKind.DEPUTY, deputy),
        *_steps(RungKind.SUPERIOR, [*head, *leaders]),
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
