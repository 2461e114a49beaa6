"""Every word a user sees: Chinese first, English beside it.

Message ids are English. Chinese stands in `translations/zh/<feature>.po`, one catalogue per
feature, merged at start; a test holds that none is empty or missing.
"""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from gis.store.scope import PROGRAM

LOCALES = ("zh", "en")
DEFAULT = "zh"
TRANSLATIONS = Path(__file__).parent / "translations"
PICKED = (
    "Not on the spot", "Road cut", "No people free", "No vehicle or equipment", "Ill or hurt",
    "Duty leader", "Deputy duty leader", "Bureau head", "Deputy bureau head", "Crew leader",
    "Deputy crew leader", "Crew member", "Duty officer", "Grid worker",
    "answered 2 (cannot), no reason given yet",
)  # fmt: skip
"""Reasons why somebody cannot, also where he gave none; posts of the roster as they ship."""


@cache
def catalogue(locale: str) -> dict[str, str]:
    """Give all messages of a language, id to text; English is its own id."""
    words: dict[str, str] = {}
    for path in sorted((TRANSLATIONS / locale).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id and isinstance(message.string, str) and message.string:
                    words[str(message.id)] = message.string
    return words


def translate(locale: str, text: str, **values: object) -> str:
    """Say a message in a language, with its places filled."""
    said = catalogue(locale).get(text, text)
    return said.format(**{k: in_language(v, locale) for k, v in values.items()}) if values else said


def ngettext(locale: str, one: str, many: str, count: int, **values: object) -> str:
    """Say a message about a number of things: Chinese says one as it says many."""
    text = catalogue(locale).get(many, one if count == 1 else many)
    return text.format(count=f"{count:,}", **values)


def in_language(value: object, locale: str) -> object:
    """Give a name from data, such as that of a checklist's item, in the reader's language."""
    said_in = getattr(value, "said_in", None)
    return said_in(locale) if said_in else value


def own_name(text: str, locale: str) -> str:
    """Give the program's own words in the reader's language; a person's stay as they are.

    Its name and the reasons it gives are kept in both languages, `中文 · English`; what people
    pick from its lists is kept in the language they read.
    """
    zh, _, en = text.partition(" · ")
    if text == PROGRAM.name or (en and catalogue("zh").get(en) == zh):
        return zh if locale == "zh" else en
    known = _picked().get(text)
    return translate(locale, known) if known else text


@cache
def _picked() -> dict[str, str]:
    """Give the message of each word that people pick, by the word in either language."""
    both = [(word, message) for message in PICKED for word in (message, translate("zh", message))]
    return dict(both)


def choose(asked: str | None, kept: str | None) -> str:
    """Pick the language: asked for in the address, else kept in the cookie, else Chinese."""
    return next((c for c in (asked, kept) if c in LOCALES), DEFAULT)


def wished(accepted: str) -> str | None:
    """Give the language that a program wishes first among ours (Accept-Language), if any."""
    ways = [part.partition(";") for part in accepted.lower().split(",")]
    ranked = sorted(ways, key=lambda way: -_weight(way[2]))
    tongues = (tongue.strip().partition("-")[0] for tongue, _, _ in ranked)
    return next((tongue for tongue in tongues if tongue in LOCALES), None)


def _weight(said: str) -> float:
    try:
        return float(said.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


def both(text: str, **values: object) -> str:
    """Say a message in Chinese and, beside it, in English."""
    return " · ".join(dict.fromkeys(translate(locale, text, **values) for locale in LOCALES))
