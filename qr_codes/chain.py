"""Whom to call about an asset, and in which order: first, deputy, superiors, as duty says today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from hazards.calls.program import as_program
from hazards.calls.rules import RungKind
from hazards.duty import book
from hazards.duty.responsibility import Book, Matter, Owner, Person, Post, above, present
from hazards.duty.rules import UnitKind
from qr_codes.assets.models import Asset


@dataclass(frozen=True, slots=True)
class Rung:
    """One tap: who it is, and the number that is called."""

    kind: RungKind
    name: str
    post: str
    unit: str
    phone: str


def of_asset(session: Session, asset: Asset, *, on: date) -> Sequence[Rung]:
    """Give the chain of an asset by the list of its area and the people who are there today."""
    with as_program(session):
        opened = book.on_path(session, asset.area_path, on=on)
    matter = Matter((f"asset:{asset.type_code}",))
    return rungs(opened, opened.owner(matter, asset.area_path), asset.area_path)


def rungs(opened: Book, owner: Owner, area_path: str) -> Sequence[Rung]:
    """Give each number once, where it stands first; who has no number is no rung."""
    found = {rung.phone: rung for rung in reversed([*climbed(opened, owner, area_path)])}
    return [rung for rung in reversed(found.values()) if rung.phone]


def climbed(opened: Book, owner: Owner, area_path: str) -> Iterator[Rung]:
    """Climb from whose matter it is to the centres above, the nearest first."""
    yield rung(RungKind.FIRST, owner.acting, owner.acting_unit)
    if owner.deputy is not None and not owner.deputy.gone:
        yield rung(RungKind.DEPUTY, owner.deputy, owner.unit)
    for path in above(area_path):
        for unit in opened.units.get(path, ()):
            if unit.kind == UnitKind.CENTRE:
                head = next(present(opened.people.get(unit.id, ())), None)
                phone = unit.phone or (head.phone if head else "")
                yield Rung(RungKind.SUPERIOR, head.name if head else "", "", unit.name, phone)


def rung(kind: RungKind, person: Person | None, unit: Post | None) -> Rung:
    """Give a person's own number, else that of his unit's duty room."""
    phone = (person.phone if person else "") or (unit.phone if unit else "")
    name, post = (person.name, person.post) if person else ("", "")
    return Rung(kind, name, post, unit.name if unit else "", phone)
