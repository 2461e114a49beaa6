"""One card changed by hand: the book with that card in it, as the file of the next edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from gis.errors import Missing
from qr_codes.measures.files import Book, Card, Step, read

OWN = "practice"
"""What a step follows that somebody wrote here: no published text says so."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A card as its form sends it; a step is who does it, in Chinese and in English."""

    code: str
    zh: str
    en: str
    hazard: str
    assets: Sequence[str]
    modes: Sequence[str]
    steps: Sequence[tuple[str, str, str]]
    materials: Mapping[str, float]


def book_of(said: str, *, kinds: frozenset[str]) -> Book:
    """Read the file of an edition that came in once: it was whole then."""
    found = read(said, kinds=kinds).book
    if found is None:
        raise Missing("This edition cannot be read any more. Bring its file in again.")
    return found


def card_of(book: Book, code: str) -> Card:
    """Give a card of a book."""
    found = next((card for card in book.cards if card.code == code), None)
    if found is None:
        raise Missing("There is no such card in the edition in force.")
    return found


def written(book: Book, typed: Typed, *, day: date) -> str:
    """Write the book with a card in the place of the one of its code, or as the last one."""
    whole = book.model_dump(mode="json")
    before = {card.code: card for card in book.cards}
    card = entry(typed, before.get(typed.code))
    if typed.code in before:
        cards = [card if one["code"] == typed.code else one for one in whole["cards"]]
    else:
        cards = [*whole["cards"], card]
    whole |= {"cards": cards, "day": day.isoformat()}
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=100)


def entry(typed: Typed, before: Card | None) -> dict[str, object]:
    """Give a card as the file writes it; a step whose words stay keeps what it follows."""
    follows = {step.zh: list(step.follows) for step in (before.steps if before else ())}
    steps = [
        {"who": who, "zh": zh, "en": en, "follows": follows.get(zh, [OWN])}
        for who, zh, en in typed.steps
    ]
    return {
        "code": typed.code,
        "assets": list(typed.assets),
        "hazard": typed.hazard,
        "modes": list(typed.modes),
        "name": {"zh": typed.zh, "en": typed.en},
        "steps": steps,
        "materials": dict(typed.materials),
    }


def typed_of(card: Card) -> Typed:
    """Give a card as its form shows it."""
    return Typed(
        card.code,
        card.name.zh,
        card.name.en,
        card.hazard,
        card.assets,
        [str(mode) for mode in card.modes],
        [steps_of(step) for step in card.steps],
        card.materials,
    )


def steps_of(step: Step) -> tuple[str, str, str]:
    """Give a step as its form shows it."""
    return step.who, step.zh, step.en
