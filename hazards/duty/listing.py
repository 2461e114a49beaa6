"""Verbs of the responsibility list: compare with a file, take it over, change one row, end it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Missing
from gis.store import audit, notify
from hazards.duty import lists
from hazards.duty.lists import Said, Words
from hazards.duty.models import Member, Responsibility

Compared = lists.Compared[Said]


def held(session: Session, area_path: str) -> dict[lists.Key, Responsibility]:
    """Give an area's own rows by what makes them the same."""
    query = select(Responsibility).where(Responsibility.area_path == area_path)
    return {
        (row.matter, row.category, row.level, row.valid_from): row for row in session.scalars(query)
    }


def compare(
    session: Session,
    rows: Sequence[tuple[int, Mapping[str, str]]],
    *,
    words: Words,
    by: Actor,
) -> Compared:
    """Read rows (line, field → text) and say what they would do to the actor's own list."""
    require(by, Act.EDIT_RESPONSIBILITY, by.area_path)
    taken, slips = lists.read(rows, words)
    own = held(session, by.area_path)
    new = {line: said for line, said in taken.items() if said.key not in own}
    changed = {}
    for line, said in taken.items():
        if said.key in own and (fields := differing(own[said.key], said)):
            changed[line] = (said, fields)
    return Compared(new, changed, len(taken) - len(new) - len(changed), slips)


def differing(row: Responsibility, said: Said) -> list[str]:
    """Tell which facts of a row differ."""
    now = asdict(said) | {"helpers": list(said.helpers)}
    return [name for name in lists.FACTS if getattr(row, name) != now[name]]


def take_over(
    session: Session, found: Compared, *, by: Actor, now: datetime, synthetic: bool = False
) -> None:
    """Write what is new and what changes; the same file again changes nothing."""
    require(by, Act.EDIT_RESPONSIBILITY, by.area_path)
    own = held(session, by.area_path)
    wanted = [*found.new.values(), *(said for said, _ in found.changed.values())]
    for said in wanted:
        row = own.get(said.key) or Responsibility(area_path=by.area_path, synthetic=synthetic)
        write(session, row, said, by=by, now=now)
    tell(session, by, "imported", new=len(found.new), changed=len(found.changed))


def put(session: Session, said: Said, *, row_id: UUID | None, by: Actor, now: datetime) -> None:
    """Write one row of the actor's list, new or in place of another."""
    require(by, Act.EDIT_RESPONSIBILITY, by.area_path)
    row = own_row(session, row_id, by) if row_id else None
    twin = held(session, by.area_path).get(said.key)
    if twin is not None and twin is not row:
        raise Conflict(
            "The list has this matter at this level from this day already. Change that row."
        )
    kept = row or Responsibility(area_path=by.area_path)
    write(session, kept, said, by=by, now=now)
    tell(session, by, "changed", matter=said.matter, level=said.level)


def end(session: Session, row_id: UUID, *, on: date, by: Actor, now: datetime) -> None:
    """Let a row hold no longer; one that had not begun yet goes."""
    row = own_row(session, row_id, by)
    if row.valid_from >= on:
        session.delete(row)
    else:
        row.valid_to, row.changed_at, row.changed_by_name = on, now, by.name
    tell(session, by, "ended", matter=row.matter, level=row.level)


def leave(session: Session, member_id: UUID, *, until: date | None, by: Actor) -> None:
    """Note from which day on somebody is not there any more, or with None that he is back."""
    member = session.get(Member, member_id)
    if member is None:
        raise Missing("There is no such person in your area.")
    require(by, Act.MANAGE_PEOPLE, member.area_path)
    member.until = until
    area = member.area_path
    audit.record(session, act="member.left", subject=member.id, area_path=area, until=until)
    notify.announce(session, topic="duty", kind="member", ref=member.id, area_path=area)


def own_row(session: Session, row_id: UUID, by: Actor) -> Responsibility:
    """Give a row that this person may change."""
    row = session.get(Responsibility, row_id)
    if row is None:
        raise Missing("There is no such row. The list may have changed meanwhile.")
    require(by, Act.EDIT_RESPONSIBILITY, row.area_path)
    return row


def write(session: Session, row: Responsibility, said: Said, *, by: Actor, now: datetime) -> None:
    """Bring a row to what is said."""
    for name, value in (asdict(said) | {"helpers": list(said.helpers)}).items():
        setattr(row, name, value)
    row.changed_at, row.changed_by_name = now, by.name
    session.add(row)


def tell(session: Session, by: Actor, kind: str, **facts: object) -> None:
    """Write the audit line and tell live pages."""
    act = f"responsibility.{kind}"
    audit.record(session, act=act, subject=None, area_path=by.area_path, **facts)
    notify.announce(session, topic="duty", kind=kind, ref=None, area_path=by.area_path)
