"""Who acts: the unit that a plan's word means at a place, by the responsibility list of the day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from gis.authority import Actor, within
from hazards.duty import book, people
from hazards.duty import repository as duty
from hazards.duty.models import Unit
from hazards.duty.responsibility import Book, Matter, Owner, Post
from hazards.duty.rules import UnitKind
from rescue_app.incidents.models import Incident
from rescue_app.plans.rules import CENTRE, LEAD, STREET
from rescue_app.proposals import repository

PASSING = (UnitKind.CENTRE, UnitKind.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A unit that can get an order, and who answers for it now; `mine` if the asker orders it."""

    value: str
    name: str
    name_en: str
    phone: str
    person: str
    person_phone: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: the units, and where the list was asked, its whole answer."""

    units: tuple[Recipient, ...]
    owner: Owner | None = None


@dataclass(slots=True)
class Roster:
    """Answers for one incident in one district, each word looked up once."""

    session: Session
    actor: Actor
    incident: Incident
    district_path: str
    on: date
    said: dict[str, Acting] = field(default_factory=dict)
    opened: Book | None = None

    @property
    def place(self) -> str:
        """Give the area whose list is asked: the incident's, or the district it reaches into."""
        own = self.incident.area_path
        return own if within(own, self.district_path) else self.district_path

    def who(self, word: str) -> Acting:
        """Give who acts where a plan says `centre`, `street`, `lead`, or a matter of the list."""
        if word not in self.said:
            self.said[word] = self._found(word)
        return self.said[word]

    def choices(self) -> list[Recipient]:
        """Give the units that a commander would choose from: the district's, the streets'."""
        units = duty.units_in(self.session, self.district_path, PASSING, levels=("district",))
        return self._recipients([*units, *self._streets()])

    def _found(self, word: str) -> Acting:
        if word == CENTRE:
            centre = duty.centre_of(self.session, self.district_path)
            return Acting(tuple(self._recipients([centre] if centre else [])))
        if word == STREET:
            return Acting(tuple(self._recipients(self._streets())))
        return self._owner(self._book().owner(self._matter(word), self.place))

    def _owner(self, owner: Owner) -> Acting:
        fitting = owner.unit if owner.unit and owner.unit.kind in PASSING else owner.acting_unit
        units = (self._recipient(fitting, owner),) if fitting else ()
        return Acting(units, owner)

    def _recipient(self, unit: Post, owner: Owner) -> Recipient:
        person = owner.acting if owner.acting_unit == unit else owner.head
        return Recipient(
            f"unit:{unit.id}",
            unit.name,
            unit.name_en,
            unit.phone,
            person.name if person else "",
            person.phone if person else "",
            within(unit.area_path, self.actor.area_path),
        )

    def _recipients(self, units: Sequence[Unit]) -> list[Recipient]:
        staff = people.staff(self.session, {unit.id for unit in units})
        return [self._read(unit, staff.get(unit.id, ())) for unit in units]

    def _read(self, unit: Unit, staff: Iterable[object]) -> Recipient:
        head = next(iter(staff), None)
        return Recipient(
            f"unit:{unit.id}",
            unit.name,
            unit.name_en,
            unit.phone,
            getattr(head, "name", ""),
            getattr(head, "phone", ""),
            within(unit.area_path, self.actor.area_path),
        )

    def _streets(self) -> list[Unit]:
        paths = repository.streets_of(self.session, self.incident, self.district_path)
        found = (duty.centre_of(self.session, path) for path in paths)
        return [unit for unit in found if unit is not None]

    def _matter(self, word: str) -> Matter:
        code = self.incident.hazard_type if word == LEAD else word
        family = book.families(self.session).get(code)
        return Matter.of_point(code, family, "")

    def _book(self) -> Book:
        if self.opened is None:
            self.opened = book.on_path(self.session, self.place, on=self.on)
        return self.opened
