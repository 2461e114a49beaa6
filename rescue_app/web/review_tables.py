"""The tables of a review in the reader's language: the same on its page and on paper."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rescue_app.dispatch.models import own_words
from rescue_app.dispatch.rules import GONE, StepKind
from rescue_app.review.indicators import Formula
from rescue_app.review.models import Lesson
from rescue_app.review.plan import Planned
from rescue_app.review.rules import MEMBER, Fate, Hop, Spread
from rescue_app.review.service import Missed, Review
from rescue_app.web import review_words as words
from rescue_app.web.render import local_time
from rescue_app.web.words import own_name

Tell = Callable[..., str]
NONE = "—"
MOST_NAMED = 5
"""Of those who came instead of one; the order's page and the CSV file name all."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `data` marks words that people wrote, `num` a figure."""

    text: str
    href: str = ""
    tone: str = ""
    data: bool = False
    num: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table; without rows its page says `empty`."""

    key: str
    title: str
    empty: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: int
    """How many rows there are; `rows` are the first of them."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who reads: his words, his language, the names of areas."""

    tell: Tell
    locale: str
    names: Mapping[str, str]

    def named(self, thing: Any) -> Cell:
        """Give the name of a unit or crew."""
        english = self.locale == "en" and thing.name_en
        return Cell(thing.name_en if english else thing.name, data=not english)

    def level(self, code: str) -> str:
        """Name a level."""
        return self.tell(words.LEVELS.get(code, code))


def took(time: timedelta | None) -> str:
    """Say how long something took, as a clock shows it: 0:42, 12:05, 1:02:30."""
    if time is None:
        return NONE
    whole = round(time.total_seconds())
    hours, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def num(value: object, *, tone: str = "") -> Cell:
    """Give a figure."""
    return Cell(f"{value:,}" if isinstance(value, int) else str(value), num=True, tone=tone)


def moment(at: datetime | None, form: str = "%m-%d %H:%M") -> str:
    """Say a time as the clocks of the city do."""
    return local_time(at, form) or NONE


def tables(
    review: Review, lessons: Sequence[Lesson], voice: Voice, *, most: int | None = None
) -> dict[str, Table]:
    """Give all tables of a review, in the order in which it is read; of each its first rows."""
    made = {
        "tally": list(_tally(review, voice)),
        "times": list(_times(review, voice)),
        "rungs": list(_rungs(review, voice)),
        "missed": [_missed(one, voice) for one in review.missed[:most]],
        "planned": list(_planned(review, voice)),
        "measured": list(_measured(review, voice)),
        "lessons": [_lesson(one, voice, review.until) for one in lessons],
    }
    totals = {key: len(rows) for key, rows in made.items()} | {"missed": len(review.missed)}
    return {key: table(key, rows[:most], voice, totals[key]) for key, rows in made.items()}


def table(
    key: str, rows: Sequence[Sequence[Cell]], voice: Voice, total: int | None = None
) -> Table:
    """Give one table with its words."""
    tell = voice.tell
    head = [tell(text) for text in words.HEADS[key]]
    whole = len(rows) if total is None else total
    return Table(key, tell(words.TITLES[key]), tell(words.EMPTY[key]), head, rows, whole)


def _tally(review: Review, voice: Voice) -> Iterator[list[Cell]]:
    counted = {level: told for level, told in review.tallies.items() if level != MEMBER}
    if len(counted) > 1:
        counted["all"] = review.total
    if MEMBER in review.tallies:  # beside the hops, not among them
        counted[MEMBER] = review.tallies[MEMBER]
    for level, tally in counted.items():
        figures = ((name, getattr(tally, name)) for name in words.TALLY)
        told = [num(n, tone="red" if n and name in words.BAD else "") for name, n in figures]
        yield [Cell(voice.level(level)), *told]


def _spread(spread: Spread | None) -> list[Cell]:
    times = (spread.median, spread.p90, spread.worst) if spread else (None, None, None)
    return [num(took(time)) for time in times]


def _times(review: Review, voice: Voice) -> Iterator[list[Cell]]:
    for level, legs in review.times.items():
        for leg, spread in legs.items():
            what = voice.tell(words.LEGS[leg])
            yield [Cell(voice.level(level)), Cell(what), num(spread.count), *_spread(spread)]


def _rungs(review: Review, voice: Voice) -> Iterator[list[Cell]]:
    for topic, lines in review.rungs.items():
        for line in lines:
            counts = [num(n) for n in (line.called, line.yes, line.cannot)]
            yield [
                Cell(voice.tell(words.TOPICS.get(topic, topic))),
                Cell(voice.tell(words.RUNGS[line.kind])),
                *counts,
                num(line.silent, tone="red" if line.silent else ""),
                num(line.took),
                *_spread(line.times),
            ]


def _missed(one: Missed, voice: Voice) -> list[Cell]:
    return [
        voice.named(one.hop),
        Cell(voice.level(one.hop.level)),
        Cell(one.order.what_in(voice.locale), href=f"/orders/{one.order.id}", data=True),
        Cell(_what_happened(one.hop, one.fate, voice), tone="red" if silent(one) else ""),
        Cell(named_all(one.instead, voice) or voice.tell("nobody"), data=bool(one.instead)),
    ]


def named_all(hops: Sequence[Any], voice: Voice) -> str:
    """Name the first of those who came instead, and count the others."""
    comma = "、" if voice.locale == "zh" else ", "
    names = comma.join(voice.named(hop).text for hop in hops[:MOST_NAMED])
    more = len(hops) - MOST_NAMED
    return voice.tell("{names}, and {count} more", names=names, count=more) if more > 0 else names


def silent(one: Missed) -> bool:
    """Tell whether nobody answered."""
    return one.fate is Fate.SILENT


def _what_happened(hop: Hop, fate: Fate, voice: Voice) -> str:
    said = [voice.tell(words.TALLY["silent"])] if fate is Fate.SILENT else []
    for step in sorted(hop.told.lines, key=lambda step: (step.done_at, step.id)):
        if step.kind in {StepKind.CANNOT, StepKind.CLIMBED_OVER, *GONE}:
            own = step.kind is StepKind.CLIMBED_OVER  # said by the program, in both languages
            said_why = own_words(step.note, voice.locale) if own else step.note
            note = f" ({said_why})" if said_why else ""
            word = voice.tell(words.KINDS["hop"][step.kind])
            said.append(f"{word} {moment(step.done_at, '%H:%M')}{note}")
    return " · ".join(said)


def _planned(review: Review, voice: Voice) -> Iterator[list[Cell]]:
    for one in review.planned:
        english = voice.locale == "en" and one.en != one.zh
        href = f"/orders/{one.order.id}" if one.order else ""
        step = voice.tell(words.STEPS.get(one.step, one.step))
        yield [
            Cell(_asked(one, voice), href=href, data=not english),
            Cell(step),
            Cell(moment(one.due_at)),
            num(took(one.answered)),
            num(took(one.arrived)),
            num(took(one.done)),
            Cell(
                voice.tell(words.VERDICTS[one.verdict]),
                tone=words.VERDICT_TONES.get(one.verdict, ""),
            ),
        ]


def _asked(one: Planned, voice: Voice) -> str:
    """Say what was asked for, and what of its checklist the commander changed."""
    changed = {
        "Taken off the checklist: {items}": one.taken_off,
        "Put on the checklist: {items}": one.put_on,
    }
    told = [
        voice.tell(text, items=voice.tell(", ").join(item[voice.locale] for item in items))
        for text, items in changed.items()
        if items
    ]
    return " · ".join([one.en if voice.locale == "en" else one.zh, *told])


def measure(value: float | None, wanted: Formula, voice: Voice) -> str:
    """Say a value of an indicator with its unit."""
    if value is None:
        return voice.tell("Nothing measured")
    shown = f"{value:.1f}".removesuffix(".0")
    return voice.tell("{count} %" if wanted.is_share else "{count} min", count=shown)


def _measured(review: Review, voice: Voice) -> Iterator[list[Cell]]:
    for one in review.measured:
        english = voice.locale == "en"
        aim = "at most {target}" if one.formula.at_most else "at least {target}"
        found = one.found
        met = NONE if found.met is None else voice.tell("Met" if found.met else "Missed")
        yield [
            Cell(one.row.name_en if english else one.row.name_zh),
            Cell(voice.level(one.formula.level)),
            num(measure(found.value, one.formula, voice)),
            num(f"{found.counted:,} / {found.owed:,}" if found.owed else NONE),
            num(voice.tell(aim, target=measure(one.row.target, one.formula, voice))),
            Cell(met, tone="red" if found.met is False else ""),
        ]


def _lesson(one: Lesson, voice: Voice, now: datetime) -> list[Cell]:
    if one.done_at is not None:
        state = voice.tell("Done by {name}", name=one.done_by_name) + f" {one.done_how}"
    else:
        state = voice.tell("Late" if one.due_at < now else "Owed")
    english = voice.locale == "en" and one.owner_name_en
    late = one.done_at is None and one.due_at < now
    return [
        Cell(one.words, data=True),
        Cell(one.owner_name_en if english else one.owner_name, data=not english),
        Cell(moment(one.due_at, "%Y-%m-%d")),
        Cell(state, tone="red" if late else "", data=one.done_at is not None),
    ]


def line(row: Any, voice: Voice) -> list[Cell]:
    """Give a line of the timeline."""
    kind = voice.tell(words.KINDS[row.source].get(row.kind, row.kind))
    people = f" {row.people:,}" if row.people else ""
    unit = row.unit_en if voice.locale == "en" and row.unit_en else row.unit
    by = own_name(row.who, voice.locale)
    who = " · ".join(part for part in (unit, by) if part)
    matter = row.matter_en if voice.locale == "en" and row.matter_en else row.matter
    late = (row.heard_at - row.at).total_seconds() >= 60
    heard = f" ({moment(row.heard_at, '%H:%M')})" if late else ""
    return [
        Cell(moment(row.at, "%m-%d %H:%M:%S") + heard),
        Cell(voice.level(row.lane) if row.lane else ""),
        Cell(who, data=True),
        Cell(kind + people + _how(row, voice)),
        Cell(matter, href=f"/orders/{row.order_id}" if row.order_id else "", data=True),
        Cell(row.words_en if voice.locale == "en" and row.words_en else row.words, data=True),
    ]


def _how(row: Any, voice: Voice) -> str:
    """Say how a word is known where nobody pressed it himself."""
    how = voice.tell(words.HOW[row.how]) if row.how in words.HOW else ""
    by = voice.tell(", entered by {name}", name=row.entered_by) if row.entered_by else ""
    via = voice.tell("through {name}", name=row.via) if row.via else ""
    return "".join(f" · {said}" for said in (how + by, via) if said)
