"""What the printed review says: the page's tables, its pictures, and the timeline whole."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from rescue_app.review import chart, repository, timeline
from rescue_app.review import map as ground
from rescue_app.review.rules import MEMBER
from rescue_app.review.service import Review
from rescue_app.web import review_tables, words
from rescue_app.web.review_tables import Table, Voice, moment
from rescue_app.web.review_words import BAD, LEVELS, MEMBER_TILES, TALLY

MOST_LINES = 3_000
TILES = ("given", "reached", "answered", "in_time", "silent", "cannot", "arrived", "done")
WIDE = {"data": 3, "text": 2, "num": 0}
OF_TIMELINE = (0, 0, 5, 3, 6, 4)
"""Nought is as wide as its words; the others share what is left."""


def telling(
    session: Session, review: Review, *, locale: str, font: str, who: str
) -> dict[str, Any]:
    """Give all that the paper says."""
    tell = partial(words.translate, locale)
    voice = Voice(tell, locale, {})
    incident = review.incident
    lessons = repository.lessons(
        session, repository.Asked(review.night.incident_ids), now=review.until
    )
    shown = review_tables.tables(review, lessons, voice)
    lines, note = _timeline(session, review, voice)
    return {
        "lang": locale,
        "title": f"{tell('Review')} · {incident.title}",
        "kind": tell("Result of the drill" if incident.is_drill else "After-action review"),
        "name": incident.title,
        "drill": tell("DRILL: nothing of this really happened") if incident.is_drill else "",
        "when": when(review, voice),
        "made": tell("Made {time} by {name}", time=moment(review.until), name=who),
        "tiles": [
            {"name": tell(name), "value": f"{count:,}", "bad": bad}
            for name, count, bad in tiles(review)
        ],
        "map": _map(session, review, voice, font),
        "chart": _chart(review, voice, font),
        "tables": [_plain(one) for one in shown.values()] + [_plain(lines, note)],
    }  # fmt: skip


def tiles(review: Review) -> list[tuple[str, int, bool]]:
    """Give the night at a glance: what each figure is, how many, and whether it is bad."""
    told = [(TALLY[key], key, getattr(review.total, key)) for key in TILES]
    people = review.tallies.get(MEMBER)
    if people is not None:
        told += [(name, key, getattr(people, key)) for key, name in MEMBER_TILES.items()]
    return [(name, count, key in BAD and count > 0) for name, key, count in told]


def when(review: Review, voice: Voice) -> str:
    """Say from when to when, or that it still goes on."""
    incident = review.incident
    start = moment(incident.opened_at, "%Y-%m-%d %H:%M")
    if incident.closed_at is None:
        until = voice.tell("So far, up to {time}", time=moment(review.until))
        return f"{start} · {until}"
    end = moment(incident.closed_at, "%Y-%m-%d %H:%M")
    return voice.tell("From {start} to {end}", start=start, end=end)


def _timeline(session: Session, review: Review, voice: Voice) -> tuple[Table, str]:
    everything = timeline.Wanted()
    rows = timeline.page(session, review.night, everything, limit=MOST_LINES)
    total = timeline.count(session, review.night, everything)
    note = ""
    if total > MOST_LINES:
        said = "The first {count} of {total} lines; all of them are in the CSV file."
        note = voice.tell(said, count=f"{MOST_LINES:,}", total=f"{total:,}")
    lines = [review_tables.line(row, voice) for row in rows]
    return review_tables.table("timeline", lines, voice), note


def _map(session: Session, review: Review, voice: Voice, font: str) -> dict[str, str]:
    night = repository.incidents(session, review.night.incident_ids)
    shown = ground.places(session, night, day=day_of(review.until), locale=voice.locale)
    style = ground.PRINT_STYLE.replace("FONT", f"'{font}'")
    title = voice.tell("Where it was")
    note = voice.tell("Black: the incident. Dots: crews on site. Rings: reports from the site.")
    return {"title": title, "note": note, "svg": ground.picture(shown, label=title, style=style)}


def _chart(review: Review, voice: Voice, font: str) -> dict[str, str]:
    title = voice.tell("The night in lanes")
    said = (
        "Grey: given. Line: answered. Dashes: on site. Dots: done."
        " Red: silent when its time was over."
    )
    style = chart.PRINT_STYLE.replace("FONT", f"'{font}'")
    names = {code: voice.level(code) for code in LEVELS}
    svg = chart.lanes(review.levels, names, until=review.until, label=title, style=style)
    return {"title": title, "note": voice.tell(said), "svg": svg}


def _plain(one: Table, note: str = "") -> dict[str, Any]:
    rows = [[asdict(cell) for cell in row] for row in one.rows]
    kinds = [_kind([row[place] for row in rows]) for place in range(len(one.head))]
    return {
        "title": one.title, "empty": one.empty, "note": note, "head": list(one.head),
        "rows": rows, "num": [kind == "num" for kind in kinds],
        "wide": OF_TIMELINE if one.key == "timeline" else [WIDE[kind] for kind in kinds],
    }  # fmt: skip


def _kind(cells: Sequence[dict[str, Any]]) -> str:
    if any(cell["num"] for cell in cells):
        return "num"
    return "data" if any(cell["data"] for cell in cells) else "text"
