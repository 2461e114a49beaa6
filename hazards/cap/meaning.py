"""What a message means in our words: one warning for each thing that it tells of. Pure.

Infos of one thing in several languages are one warning; another area, grade or time is another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gis.errors import Rejected
from hazards.alerts.rules import HEADLINE_LENGTH, LONGEST, WORDS_LENGTH, Colour
from hazards.cap.message import Info, Message
from hazards.cap.rules import GRADES, clean

HOLDS = timedelta(hours=12)
"""How long a warning holds whose sender does not say until when."""
ENDS = frozenset({"AllClear"})
COLOUR_NAMES = frozenset(
    {"yitong:colour", "colour", "color", "awareness_level", "预警颜色", "颜色"}
)
COLOUR_WORDS = {
    Colour.RED: ("red", "红"),
    Colour.ORANGE: ("orange", "橙"),
    Colour.YELLOW: ("yellow", "黄"),
    Colour.BLUE: ("blue", "蓝"),
}
BY_SEVERITY = {grade.severity: colour for colour, grade in GRADES.items()}
MOST_INFOS = 60


@dataclass(frozen=True, slots=True)
class Meant:
    """One thing that a message tells of, in as many languages as there are."""

    infos: tuple[Info, ...]

    @property
    def first(self) -> Info:
        """What is the same in every language."""
        return self.infos[0]

    def said(self, name: str, language: str, *, most: int) -> str:
        """Give some words in a language, cut to what has its place here."""
        for one in self.infos:
            if in_language(one) == language and getattr(one, name):
                words = clean(getattr(one, name))
                return words if len(words) <= most else f"{words[: most - 1]}…"
        return ""

    @property
    def why(self) -> str:
        """What the sender tells beside."""
        zh = self.said("description", "zh", most=WORDS_LENGTH)
        return zh or self.said("description", "en", most=WORDS_LENGTH)

    @property
    def colour(self) -> Colour:
        """The colour that the sender names, else the one of the severity."""
        named = (
            one.value or "" for one in self.first.parameters if one.name.lower() in COLOUR_NAMES
        )
        heads = [text for one in self.infos for text in (one.headline or "", one.event)]
        named_here = [*named, *(head for head in heads if "色" in head)]
        for said in named_here:
            for colour, words in COLOUR_WORDS.items():
                if any(word in said.lower() for word in words):
                    return colour
        return BY_SEVERITY.get(self.first.severity, Colour.YELLOW)

    @property
    def is_over(self) -> bool:
        """Tell whether the sender says that it is past."""
        return all(one.urgency == "Past" or ENDS & set(one.responses) for one in self.infos)

    def until(self, now: datetime) -> datetime:
        """Give until when it holds, no longer than a warning can here."""
        begins = max(now, self.onset_at or now)
        return min(self.first.expires or begins + HOLDS, begins + LONGEST)

    @property
    def onset_at(self) -> datetime | None:
        """Give from when it holds."""
        return self.first.onset or self.first.effective

    def headline(self, language: str) -> str:
        """Give what it is called in a language; empty where the sender has not said it in it."""
        most = HEADLINE_LENGTH if language == "zh" else HEADLINE_LENGTH * 2
        return self.said("headline", language, most=most)

    def instruction(self, language: str) -> str:
        """Give what to do in a language."""
        most = WORDS_LENGTH if language == "zh" else WORDS_LENGTH * 2
        return self.said("instruction", language, most=most)

    def hazard(self, words: Mapping[str, str], otherwise: str) -> str:
        """Give the kind of hazard: by our own code, by a word of the event, else as usual."""
        for code in (one.value or "" for one in self.first.event_codes):
            if code in words:
                return words[code]
        for event in (one.event.lower() for one in self.infos):
            for word, kind in words.items():
                if word.lower() in event:
                    return kind
        return otherwise


def in_language(info: Info) -> str:
    """Give which of our two languages an info fills; CAP's own default is English."""
    return "zh" if (info.language or "en").lower().startswith("zh") else "en"


def meant(message: Message) -> list[Meant]:
    """Gather what a message tells of, in its order."""
    if not message.infos:
        raise Rejected("The message says nothing: it has no info. Ask the sender.")
    if len(message.infos) > MOST_INFOS:
        raise Rejected("The message has more than {most} infos. Ask the sender to divide it.",
                       most=MOST_INFOS)  # fmt: skip
    found: dict[object, list[Info]] = {}
    for info in message.infos:
        found.setdefault(_thing(info), []).append(info)
    # A language says a thing once: its second info of the same grade and place is another thing.
    return [Meant(part) for infos in found.values() for part in _once_each(infos)]


def _thing(info: Info) -> object:
    where = frozenset(
        (area.polygons, area.circles, tuple(code.value for code in area.codes))
        for area in info.areas
    )
    return (info.severity, info.urgency, info.onset, info.expires, info.categories, where)


def _once_each(infos: Sequence[Info]) -> Iterator[tuple[Info, ...]]:
    by_language: dict[str, list[Info]] = {}
    for info in infos:
        by_language.setdefault((info.language or "en").lower(), []).append(info)
    for number in range(max(len(said) for said in by_language.values())):
        yield tuple(said[number] for said in by_language.values() if number < len(said))


def references(message: Message) -> list[tuple[str, str, datetime]]:
    """Give the messages that this one speaks of: sender, identifier, time."""
    found = []
    for said in (message.references or "").split():
        parts = said.split(",")
        try:
            sender, identifier, sent = parts
            at = datetime.fromisoformat(sent)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            raise Rejected(
                "“{said}” names no earlier message: sender,identifier,sent is meant. Ask the"
                " sender.",
                said=said[:80],
            )
        found.append((sender, identifier, at))
    return found
