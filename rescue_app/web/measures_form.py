"""The cards in force as a book, which of them a page shows, and the form of one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from gis.errors import Conflict, Rejected
from gis.store.base import new_id
from qr_codes.assets import repository as assets
from qr_codes.assets.models import AssetType
from qr_codes.measures import editing, service
from qr_codes.measures.editing import Typed
from qr_codes.measures.files import Book, Card, MaterialEntry, Term
from qr_codes.measures.models import MeasureEdition
from rescue_app.web.scan_form import text

MOST_STEPS = 12
SHOWN = 50
EMPTY = Typed("new", "", "", "", (), ("urgent", "war"), (), {})
NEEDED = re.compile(r"^needed\.([a-z][a-z0-9_]{1,60})$")


@dataclass(frozen=True)
class Held:
    """The edition in force and what it says."""

    edition: MeasureEdition
    book: Book

    @property
    def hazards(self) -> Mapping[str, Term]:
        """Give the hazards by code."""
        return {one.code: one for one in self.book.hazards}

    @property
    def doers(self) -> Mapping[str, Term]:
        """Give who does steps, by code."""
        return {one.code: one for one in self.book.doers}

    @property
    def materials(self) -> Mapping[str, MaterialEntry]:
        """Give the materials by code."""
        return {one.code: one for one in self.book.materials}


def held(session: Session) -> Held:
    """Give the edition in force."""
    edition = service.EDITIONS.one(session, None)
    return Held(edition, editing.book_of(edition.said, kinds=frozenset(kinds(session))))


def kinds(session: Session) -> dict[str, AssetType]:
    """Give the kinds of assets by code."""
    return {one.code: one for one in assets.types(session)}


def chosen(cards: Sequence[Card], *, asset: str, hazard: str, mode: str) -> list[Card]:
    """Give the cards of a kind, a hazard and a mode, as far as they are asked for."""
    return [
        card
        for card in cards
        if (not asset or asset in card.assets)
        and (not hazard or hazard == card.hazard)
        and (not mode or mode in card.modes)
    ]


def typed_of(form: FormData, code: str) -> Typed:
    """Read the form of a card; steps without words are none."""
    rows = [tuple(text(form, f"{part}.{n}").strip() for part in ("who", "zh", "en"))
            for n in range(MOST_STEPS)]  # fmt: skip
    needed = {found[1]: text(form, name).strip() for name in form if (found := NEEDED.match(name))}
    return Typed(
        code=f"own_{new_id().hex[-12:]}" if code == "new" else code,
        zh=text(form, "zh").strip(),
        en=text(form, "en").strip(),
        hazard=text(form, "hazard"),
        assets=[str(one) for one in form.getlist("asset")],
        modes=[str(one) for one in form.getlist("mode")],
        steps=[(who, zh, en) for who, zh, en in rows if zh or en],
        materials={name: amount_of(said) for name, said in needed.items() if said},
    )


def amount_of(said: str) -> float:
    """Read an amount."""
    try:
        return float(said.replace(",", "."))
    except ValueError:
        raise Rejected("An amount is a number from 0 on. Correct it.") from None


def same_as_seen(form: FormData, now: Held) -> None:
    """Refuse to write over an edition that came meanwhile."""
    if text(form, "seen") != str(now.edition.edition):
        raise Conflict(
            "{who} published edition {number} while you had this card open. Nothing of yours is"
            " published yet: compare with it, then publish again.",
            who=now.edition.made_by_name,
            number=now.edition.edition,
        )
