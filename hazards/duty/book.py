"""SQL for the responsibility list: the lines of a day, the units and people they speak of."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, select, text
from sqlalchemy.orm import Session

from gis.areas.repository import AFTER_SLASH
from gis.store.base import among
from hazards.duty.lists import Said
from hazards.duty.models import Member, Responsibility, Unit
from hazards.duty.responsibility import Book, Line, Matter, Owner, Person, Post

# Each step looks for the next place in the index: a few hundred rows instead of all.
PLACES = text("""
    WITH RECURSIVE place AS (
        (SELECT area_path FROM hazard_point WHERE area_path >= :first AND area_path < :past
         ORDER BY area_path LIMIT 1)
        UNION ALL
        SELECT (SELECT area_path FROM hazard_point
                WHERE area_path > place.area_path AND area_path < :past
                ORDER BY area_path LIMIT 1)
        FROM place WHERE place.area_path IS NOT NULL
    )
    SELECT area_path FROM place WHERE area_path IS NOT NULL
""")
KINDS = text("""
    SELECT area_path, hazard_type, category, count(*) FROM hazard_point
    WHERE state = 'approved' AND area_path = ANY(:places) AND hazard_type = ANY(:hazards)
        AND category = ANY(:categories)
    GROUP BY area_path, hazard_type, category
""")
FAMILY = text("SELECT family FROM hazard_type WHERE code = :code")
FAMILIES = text("SELECT code, family FROM hazard_type")


def valid(on: date) -> ColumnElement[bool]:
    """Hold on a day."""
    table = Responsibility
    return (table.valid_from <= on) & or_(table.valid_to.is_(None), table.valid_to > on)


def as_line(row: Responsibility) -> Line:
    """Give a row as the rules want it."""
    said = {one.name: getattr(row, one.name) for one in fields(Line)}
    return Line(**said | {"helpers": tuple(row.helpers)})


def lines(session: Session, on: date, *, over: str) -> list[Responsibility]:
    """Give the lines of a day that concern an area: its own, those above, those below."""
    table = Responsibility
    path = literal(over)
    near = or_(
        func.starts_with(path, table.area_path), table.area_path.startswith(over, autoescape=True)
    )
    query = select(table).where(valid(on), near)
    return list(session.scalars(query.order_by(table.area_path, table.matter, table.level)))


def on_path(session: Session, area_path: str, *, on: date) -> Book:
    """Open the book for one place: what stands on the way up from it."""
    near = func.starts_with(literal(area_path), Unit.area_path)
    return opened(session, on, over=area_path, units=near)


def below(session: Session, area_path: str, *, on: date) -> Book:
    """Open the book for a whole area."""
    return opened(session, on, over=area_path, units=around(area_path))


def around(area_path: str) -> ColumnElement[bool]:
    """Match the units of an area, those below it and those above."""
    return or_(
        Unit.area_path.startswith(area_path, autoescape=True),
        func.starts_with(literal(area_path), Unit.area_path),
    )


def without_unit(session: Session, area_path: str, said: Mapping[int, Said]) -> set[int]:
    """Give the rows of a list whose lead is no unit in or above an area, at that level."""
    there = session.execute(select(Unit.level, Unit.name).where(around(area_path))).all()
    return {
        line
        for line, row in said.items()
        if not any(level == row.level and name.endswith(row.lead) for level, name in there)
    }


def opened(session: Session, on: date, *, over: str, units: ColumnElement[bool]) -> Book:
    """Read lines, units and people."""
    posts: dict[str, list[Post]] = defaultdict(list)
    wanted = [getattr(Unit, one.name) for one in fields(Post)]
    offices = [
        Post(*row) for row in session.execute(select(*wanted).where(units).order_by(Unit.name))
    ]
    for office in offices:
        posts[office.area_path].append(office)
    people: dict[UUID, list[Person]] = defaultdict(list)
    said = ("unit_id", "until", "name", "post", "phone", "id", "account_id")
    query = select(*(getattr(Member, name) for name in said))
    # By number: joined with the units, a plan made before anything was counted takes seconds.
    query = query.where(among(Member.unit_id, [office.id for office in offices]))
    for member in session.execute(query.order_by(Member.rank, Member.id)):
        gone = member.until is not None and member.until <= on
        people[member.unit_id].append(
            Person(member.name, member.post, member.phone, gone, member.id, member.account_id)
        )
    return Book([as_line(row) for row in lines(session, on, over=over)], posts, people)


def point_matter(session: Session, *, hazard_type: str, category: str) -> Matter:
    """Look up what a point is to the list."""
    return Matter.of_point(hazard_type, session.scalar(FAMILY, {"code": hazard_type}), category)


def families(session: Session) -> dict[str, str]:
    """Give the family of every hazard."""
    return {row.code: row.family for row in session.execute(FAMILIES)}


def ownerless_points(
    session: Session, area_path: str, *, categories: Collection[str], on: date
) -> Iterator[tuple[str, str, str, int, Owner]]:
    """Give how many points of which hazard and category, place by place, have no owner there.

    Who owns what is a matter of places and kinds; only what has no owner is counted.
    """
    book, kinds = below(session, area_path, on=on), families(session).items()
    matters = [Matter.of_point(code, family, one) for code, family in kinds for one in categories]
    reach = {"first": area_path, "past": area_path[:-1] + AFTER_SLASH}
    missing = {
        (place, matter.keys[0], matter.category): owner
        for place in session.scalars(PLACES, reach)
        for matter, owner in book.missing(matters, place)
    }
    places, hazards, of = (sorted({asked[n] for asked in missing}) for n in range(3))
    asked = {"places": places, "hazards": hazards, "categories": of}
    for place, hazard, category, points in session.execute(KINDS, asked) if missing else ():
        owner = missing.get((place, hazard, category))
        if owner is not None:
            yield hazard, category, place, points, owner
