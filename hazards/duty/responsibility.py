"""Who owns what, where, now: pure. The list names the unit, the roster says who is still there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

ANY = "any"
LEVELS = ("city", "district", "street")
KEPT_PATHS = 20_000
"""More than a mega-city has areas."""


class Why(StrEnum):
    """Why somebody else than the first person is called."""

    NOBODY_NAMED = "nobody_named"
    NO_UNIT = "no_unit"
    LEFT = "left"
    EMPTY = "empty"


class Matter(NamedTuple):
    """What is asked about: its words from the closest to the widest, such as landslide, geological.

    An asset is `asset:bridge`, a free matter any code of the list.
    """

    keys: tuple[str, ...]
    category: str = ""

    @classmethod
    def of_point(cls, hazard_type: str, family: str | None, category: str) -> "Matter":
        """Give what a point is to the list: its hazard, the hazard's family, its category."""
        return cls((hazard_type, *([family] if family else ())), category)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list. An empty first or deputy is whoever leads the unit, and his deputy."""

    id: UUID
    area_path: str
    matter: str
    category: str
    level: str
    lead: str
    helpers: tuple[str, ...]
    first_name: str
    first_phone: str
    deputy_name: str
    deputy_phone: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Post:
    """A unit as the list finds it."""

    id: UUID
    name: str
    name_en: str
    kind: str
    level: str
    area_path: str
    phone: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a unit, or somebody whom only the list knows: he has no id of the roster."""

    name: str
    post: str
    phone: str
    gone: bool = False
    id: UUID | None = None
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """The answer. `acting` is who is called now; `why` is empty while that is the first person.

    `head` leads the unit now: the first by rank who is still there.
    """

    line: Line | None
    unit: Post | None
    first: Person | None
    deputy: Person | None
    acting: Person | None
    acting_unit: Post | None
    why: Why | None
    head: Person | None = None

    @property
    def ownerless(self) -> bool:
        """Tell whether the one who should own it does not."""
        return self.why is not None


@dataclass(frozen=True, slots=True)
class Near:
    """What decides an area's answers: the smallest area around it with lines, and with units."""

    listed: str
    staffed: str
    in_street: bool


Shared = Sequence[tuple[Line | None, Sequence[Matter]]]
"""Lines, each with the matters that it speaks of."""


@dataclass(slots=True)
class Book:
    """The lists, units and people that answers are looked up in; people in order of rank."""

    lines: Sequence[Line]
    units: Mapping[str, Sequence[Post]]
    people: Mapping[UUID, Sequence[Person]]
    near: dict[str, Near] = field(default_factory=dict)
    spoken: dict[tuple[str, bool, Matter], Line | None] = field(default_factory=dict)
    answers: dict[tuple[int, str], Owner] = field(default_factory=dict)
    levels: dict[tuple[str, str], Sequence[Post]] = field(default_factory=dict)
    shared: dict[tuple[str, bool], Shared] = field(default_factory=dict)

    def owner(self, matter: Matter, area_path: str) -> Owner:
        """Give who owns a matter in an area.

        Areas near to the same list and units have the same answer: it is looked up once.
        """
        near = self.near.get(area_path) or self._near(area_path)
        return self._answer(self._line(matter, area_path, near), near)

    def missing(self, matters: Sequence[Matter], area_path: str) -> Iterator[tuple[Matter, Owner]]:
        """Give which of these matters have no owner in an area, and who is called instead.

        Matters of the same line are looked up together; a book is asked about the same ones.
        """
        near = self.near.get(area_path) or self._near(area_path)
        asked = (near.listed, near.in_street)
        if asked not in self.shared:
            self.shared[asked] = self._by_line(matters, area_path, near)
        for line, those in self.shared[asked]:
            owner = self._answer(line, near)
            if owner.ownerless:
                yield from ((matter, owner) for matter in those)

    def _by_line(self, matters: Sequence[Matter], area_path: str, near: Near) -> Shared:
        found: dict[int, tuple[Line | None, list[Matter]]] = {}
        for matter in matters:
            line = self._line(matter, area_path, near)
            found.setdefault(id(line), (line, []))[1].append(matter)
        return list(found.values())

    def _answer(self, line: Line | None, near: Near) -> Owner:
        asked = (id(line), near.staffed)  # the very line of this book: asked for every point's kind
        if asked not in self.answers:
            self.answers[asked] = self._found(line, near.staffed)
        return self.answers[asked]

    def _near(self, area_path: str) -> Near:
        listed = {line.area_path for line in self.lines}
        self.near[area_path] = Near(
            next((path for path in above(area_path) if path in listed), ""),
            next((path for path in above(area_path) if path in self.units), ""),
            in_street(area_path),
        )
        return self.near[area_path]

    def _line(self, matter: Matter, area_path: str, near: Near) -> Line | None:
        asked = (near.listed, near.in_street, matter)
        if asked not in self.spoken:
            reaching = [line for line in self.lines if reaches(line, area_path)]
            self.spoken[asked] = best(reaching, matter)
        return self.spoken[asked]

    def _found(self, line: Line | None, area_path: str) -> Owner:
        if line is None:
            return self._climbed(None, None, None, None, area_path, Why.NOBODY_NAMED)
        unit = self._unit(line, area_path)
        people = self.people.get(unit.id, ()) if unit else ()
        first = named(people, line.first_name, line.first_phone, rank=0)
        deputy = named(people, line.deputy_name, line.deputy_phone, rank=1)
        if first and not first.gone:
            head = next(present(people), None)
            return Owner(line, unit, first, deputy, first, unit, None, head)
        why = Why.LEFT if first else Why.EMPTY if unit else Why.NO_UNIT
        return self._climbed(line, unit, first, deputy, area_path, why)

    def _unit(self, line: Line, area_path: str) -> Post | None:
        """A city's list says “water bureau” once for all districts: the area's own is meant."""
        near = [
            unit
            for path in above(area_path)
            for unit in self._of_level(path, line.level)
            if unit.name.endswith(line.lead)
        ]
        return min(near, key=lambda unit: (unit.name != line.lead, len(unit.name)), default=None)

    def _of_level(self, area_path: str, level: str) -> Sequence[Post]:
        asked = (area_path, level)
        if asked not in self.levels:
            units = self.units.get(area_path, ())
            self.levels[asked] = [unit for unit in units if unit.level == level]
        return self.levels[asked]

    def _climbed(
        self,
        line: Line | None,
        unit: Post | None,
        first: Person | None,
        deputy: Person | None,
        area_path: str,
        why: Why,
    ) -> Owner:
        """Who has left leaves it to the head of the unit, then to the centres above."""
        centres = [
            one
            for path in above(area_path)
            for one in self.units.get(path, ())
            if one.kind == "centre"
        ]
        places = [*([unit] if unit else ()), *centres]
        for place in places:
            for head in present(self.people.get(place.id, ())):
                return Owner(line, unit, first, deputy, head, place, why, head)
        return Owner(line, unit, first, deputy, None, next(iter(places), None), why)


def present(people: Iterable[Person]) -> Iterator[Person]:
    """Leave out who has left."""
    return (person for person in people if not person.gone)


@lru_cache(KEPT_PATHS)
def above(area_path: str) -> tuple[str, ...]:
    """Give an area and those it lies in, the smallest first."""
    codes = [code for code in area_path.split("/") if code]
    return tuple("/" + "/".join(codes[:count]) + "/" for count in range(len(codes), 0, -1))


def in_street(area_path: str) -> bool:
    """Tell whether an area is a street or lies in one."""
    return area_path.count("/") > len(LEVELS)


def reaches(line: Line, area_path: str) -> bool:
    """Tell whether a line speaks of an area; a street's line only of streets and below."""
    is_street = line.level == "street"
    return area_path.startswith(line.area_path) and (not is_street or in_street(area_path))


def best(lines: Sequence[Line], matter: Matter) -> Line | None:
    """Find the line that speaks of it most closely, among those that reach its place.

    The nearest area's own list comes first; then the closer word, the named category, the lower
    level (a superior does not take what is below him), the newer line.
    """
    words = {key: place for place, key in enumerate((*matter.keys, ANY))}
    fitting = [
        line for line in lines if line.matter in words and line.category in {"", matter.category}
    ]
    return max(
        fitting,
        key=lambda line: (
            len(line.area_path),
            -words[line.matter],
            line.category != "",
            LEVELS.index(line.level),
            line.valid_from,
        ),
        default=None,
    )


def named(people: Sequence[Person], name: str, phone: str, *, rank: int) -> Person | None:
    """Find who is meant: by name in the unit, by rank where nobody is named, else as written."""
    if not name:
        return people[rank] if len(people) > rank else None
    same = [person for person in people if person.name == name]
    exact = [person for person in same if person.phone == phone]
    return next(iter(exact or same), Person(name, "", phone))
