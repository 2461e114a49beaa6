"""Verbs of measure cards: ship an edition, replace it by a city's own, give it back.

A book comes in as a whole; `EDITIONS` keeps each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from gis.errors import Rejected
from hazards.calls.program import as_program
from hazards.checklists.loader import upsert
from hazards.editions import Editions, File
from qr_codes.assets.models import AssetType
from qr_codes.measures import files
from qr_codes.measures.files import Book, Slip
from qr_codes.measures.models import MeasureCard, MeasureEdition
from qr_codes.stores.models import Material

EDITIONS = Editions(MeasureEdition, acts="measures", topic="measure", kind="imported")


@dataclass(frozen=True, slots=True)
class Compared:
    """What a file would do to the cards in force, by code; with slips nothing."""

    new: Sequence[str]
    changed: Sequence[str]
    gone: Sequence[str]
    same: int
    reordered: bool
    slips: Sequence[Slip]
    book: Book | None

    @property
    def differs(self) -> bool:
        """Tell whether there is anything to write."""
        return bool(self.new or self.changed or self.gone or self.reordered)


def load(session: Session, path: Path, *, now: datetime) -> None:
    """Bring the shipped file in, as often as one likes."""
    said = path.read_text(encoding="utf-8")
    found = compare(session, said)
    if found.book is None:
        slip = found.slips[0]
        raise Rejected(
            "{file}, {place}: {reason}", file=path.name, place=slip.line, reason=str(slip.reason)
        )
    made = EDITIONS.of_program(session, file_of(found.book, said), now=now)
    if made is not None:
        fill(session, made.edition, found.book)


def compare(session: Session, said: str) -> Compared:
    """Read a file and say what it would change, without writing."""
    read = files.read(said, kinds=frozenset(session.scalars(select(AssetType.code))))
    if read.book is None:
        return Compared((), (), (), 0, reordered=False, slips=read.slips, book=None)
    held = EDITIONS.in_force(session)
    query = select(MeasureCard).where(MeasureCard.edition == (held.edition if held else 0))
    cards = session.scalars(query.order_by(MeasureCard.position))
    now = {card.code: card.content for card in cards}
    then = {row["code"]: row["content"] for row in rows(read.book)}
    return Compared(
        new=[code for code in then if code not in now],
        changed=[code for code in then if code in now and then[code] != now[code]],
        gone=[code for code in now if code not in then],
        same=sum(then[code] == now.get(code) for code in then),
        reordered=list(now) != list(then),
        slips=(),
        book=read.book,
    )


def publish(session: Session, found: Compared, said: str, *, by: Actor, now: datetime) -> int:
    """Put a city's own cards in force; the same ones again change nothing."""
    require(by, Act.EDIT_TEMPLATE, city_of(by.area_path))
    held = EDITIONS.in_force(session)
    if found.book is None:
        raise Rejected("The file has mistakes. Mend them first.")
    if held is not None and not found.differs:
        return held.edition
    with as_program(session):  # cards are the whole city's
        made = EDITIONS.of_city(session, file_of(found.book, said), by=by, now=now)
        fill(session, made.edition, found.book)
    EDITIONS.tell(session, "imported", made.edition, by=by, new=len(found.new),
                  changed=len(found.changed), gone=len(found.gone))  # fmt: skip
    return made.edition


def file_of(book: Book, said: str) -> File:
    """Give a book's file as an edition takes it."""
    return File(said, book.name, book.day)


def fill(session: Session, number: int, book: Book) -> None:
    """Lay down the cards of an edition, and the materials that they name."""
    session.execute(insert(MeasureCard), [{"edition": number} | row for row in rows(book)])
    upsert(session, Material, [material_row(*pair) for pair in enumerate(book.materials, start=1)])


def rows(book: Book) -> list[dict[str, Any]]:
    """Give the rows of the cards, each with all words a page needs."""
    terms = {one.code: one.model_dump() for one in (*book.doers, *book.hazards)}
    materials = {one.code: one for one in book.materials}
    return [
        {
            "code": card.code,
            "position": position,
            "assets": list(card.assets),
            "content": {
                "name": card.name.model_dump(),
                "hazard": terms[card.hazard],
                "modes": [str(mode) for mode in card.modes],
                "assets": list(card.assets),
                "steps": [
                    {"zh": step.zh, "en": step.en, "who": terms[step.who],
                     "follows": list(step.follows)}
                    for step in card.steps
                ],
                "materials": [
                    {"code": code, "zh": materials[code].zh, "en": materials[code].en,
                     "unit": materials[code].unit.model_dump(), "amount": amount}
                    for code, amount in card.materials.items()
                ],
            },
        }
        for position, card in enumerate(book.cards, start=1)
    ]  # fmt: skip


def material_row(position: int, one: files.MaterialEntry) -> dict[str, Any]:
    """Give the row of a material."""
    return {
        "code": one.code,
        "position": position,
        "name_zh": one.zh,
        "name_en": one.en,
        "unit_zh": one.unit.zh,
        "unit_en": one.unit.en,
        "words": list(one.words),
    }
