"""Verbs of measure cards: ship an edition, replace it by a city's own, give it back.

As with checklists, a city's own edition stays in force when the shipped file changes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from gis.errors import Missing, Rejected
from gis.store import audit, notify
from hazards.calls.program import as_program
from hazards.checklists.loader import upsert
from hazards.checklists.publishing import SHIPPED_BY
from qr_codes.assets.models import AssetType
from qr_codes.measures import files
from qr_codes.measures.files import Book, Slip
from qr_codes.measures.models import MeasureCard, MeasureEdition
from qr_codes.stores.models import Material


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
    known = {one.digest for one in session.scalars(select(MeasureEdition))}
    if digest_of(said) not in known:
        own = in_force(session)
        beside = own is not None and not own.shipped
        add(session, found.book, said, shipped=True, at=now, by_name=SHIPPED_BY, beside=beside)


def compare(session: Session, said: str) -> Compared:
    """Read a file and say what it would change, without writing."""
    read = files.read(said, kinds=frozenset(session.scalars(select(AssetType.code))))
    if read.book is None:
        return Compared((), (), (), 0, reordered=False, slips=read.slips, book=None)
    held = in_force(session)
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
    held = in_force(session)
    if found.book is None:
        raise Rejected("The file has mistakes. Mend them first.")
    if held is not None and not found.differs:
        return held.edition
    with as_program(session):  # cards are the whole city's
        edition = add(
            session, found.book, said, shipped=False, at=now, by_name=by.name, beside=False
        )
    counts = {"new": len(found.new), "changed": len(found.changed), "gone": len(found.gone)}
    audit.record(
        session, act="measures.imported", subject=None, area_path=by.area_path,
        edition=edition, **counts,
    )  # fmt: skip
    notify.announce(session, topic="measure", kind="imported", ref=None, area_path=by.area_path)
    return edition


def take(session: Session, number: int, *, by: Actor) -> None:
    """Put an earlier or a shipped edition in force again."""
    require(by, Act.EDIT_TEMPLATE, city_of(by.area_path))
    wanted = edition(session, number)
    if wanted.in_force:
        return
    table = MeasureEdition
    with as_program(session):
        session.execute(update(table).where(table.in_force).values(in_force=False))
        session.execute(update(table).where(table.edition == number).values(in_force=True))
    here = by.area_path
    audit.record(session, act="measures.taken", subject=None, area_path=here, edition=number)
    notify.announce(session, topic="measure", kind="imported", ref=None, area_path=here)


def in_force(session: Session) -> MeasureEdition | None:
    """Give the edition that scans show."""
    return session.scalar(select(MeasureEdition).where(MeasureEdition.in_force))


def editions(session: Session) -> Sequence[MeasureEdition]:
    """Give all editions, newest first."""
    return session.scalars(select(MeasureEdition).order_by(MeasureEdition.edition.desc())).all()


def edition(session: Session, number: int | None) -> MeasureEdition:
    """Give one edition, without a number the one in force."""
    found = session.get(MeasureEdition, number) if number else in_force(session)
    if found is None:
        raise Missing("There is no such edition. `yitong measures history` lists them.")
    return found


def digest_of(said: str) -> str:
    """Name what a file says."""
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def add(
    session: Session,
    book: Book,
    said: str,
    *,
    shipped: bool,
    at: datetime,
    by_name: str,
    beside: bool,
) -> int:
    """Add an edition, and unless it is kept beside another's, put it in force."""
    number = max((one.edition for one in editions(session)), default=0) + 1
    if not beside:
        session.execute(update(MeasureEdition).values(in_force=False))
    made = MeasureEdition(
        edition=number,
        name_zh=book.name.zh,
        name_en=book.name.en,
        day=book.day,
        digest=digest_of(said),
        said=said,
        shipped=shipped,
        in_force=not beside,
        made_at=at,
        made_by_name=by_name,
    )
    session.add(made)
    session.flush()  # the cards point at it
    session.execute(insert(MeasureCard), [{"edition": number} | row for row in rows(book)])
    upsert(session, Material, [material_row(*pair) for pair in enumerate(book.materials, start=1)])
    return number


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
