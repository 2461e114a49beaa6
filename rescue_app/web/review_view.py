"""What the pages of a review show."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, city_of, may, within
from gis.errors import PlatformError
from gis.store.base import new_id
from rescue_app import review_report
from rescue_app.review import chart, lessons, repository, service, timeline
from rescue_app.review import indicators as formulas
from rescue_app.review import map as ground
from rescue_app.review.service import Review
from rescue_app.review.timeline import PAGE_ROWS, Wanted
from rescue_app.web import review_paper, review_tables, words
from rescue_app.web import review_words as told
from rescue_app.web.render import LOCAL_ZONE, language, say
from rescue_app.web.review_tables import Voice

SECTION = "incidents"
DUE_DAYS = 30
SHOWN_ROWS = 40
"""Of a table of a great night this many stand on its page at first."""
Facts = dict[str, Any]


def voice_of(request: Request) -> Voice:
    """Tell who reads."""
    locale = language(request)
    return Voice(partial(words.translate, locale), locale, {})


def facts(
    request: Request,
    db: Session,
    actor: Actor,
    now: datetime,
    incident_id: UUID,
    *,
    wanted: Wanted,
    number: int = 1,
    whole: bool = False,
    form: Facts | None = None,
    problem: PlatformError | None = None,
) -> Facts:
    """Gather the page; `form` is a lesson that did not fit, with its problem.

    Of long tables it shows the beginning, unless they are asked for `whole`.
    """
    seq = request.app.state.hub.seq
    voice, review = voice_of(request), service.of_incident(db, incident_id, now=now)
    incident = review.incident
    rest = {
        "seq": seq,
        "section": SECTION,
        "row": incident,
        "review": review,
        "when": review_paper.when(review, voice),
        "tiles": review_paper.tiles(review),
        "now": now,
        "form": form or blank(now),
        "problem": say(request, problem.text, **problem.values) if problem else None,
    }
    rest |= (
        tables(review, voice, whole)
        | learnt(db, review, actor, now)
        | pictures(db, review, voice)
        | lines(db, review, wanted, number, voice)
    )
    return rest | review_report.mine(db, actor, incident_id)


def tables(review: Review, voice: Voice, whole: bool) -> Facts:
    """Gather the tables; of long ones the beginning, and how long those are."""
    shown = review_tables.tables(review, (), voice, most=None if whole else SHOWN_ROWS)
    cut = {key: one.total for key, one in shown.items() if one.total > len(one.rows)}
    return {"tables": shown, "cut": cut}


def learnt(db: Session, review: Review, actor: Actor, now: datetime) -> Facts:
    """Gather the lessons, and who may own another one."""
    asked = repository.Asked(review.night.incident_ids)
    kept = repository.lessons(db, asked, now=now, limit=SHOWN_ROWS)
    owners = repository.owners(db, review.incident, review.orders)
    return {
        "lessons": kept,
        "lesson_count": repository.lesson_counts(db, asked, now=now)["all"],
        "tickable": {one.id for one in kept if lessons.may_tick(actor, one)},
        "may_add": may(actor, Act.OPEN_INCIDENT, review.incident.area_path),
        "owners": [unit for unit in owners if within(unit.area_path, actor.area_path)],
    }


def blank(now: datetime) -> Facts:
    """Give an empty form of a lesson; its number is made with it."""
    day = (now.astimezone(LOCAL_ZONE) + timedelta(days=DUE_DAYS)).date()
    return {"id": new_id(), "words": "", "owner": "", "due_on": day.isoformat()}


def pictures(db: Session, review: Review, voice: Voice) -> Facts:
    """Draw the lanes and the map; colours are the page's."""
    night = repository.incidents(db, review.night.incident_ids)
    names = {code: voice.level(code) for code in told.LEVELS}
    label = voice.tell("The night in lanes")
    shown = ground.places(db, night, day=day_of(review.until), locale=voice.locale)
    return {
        "lanes": chart.lanes(review.levels, names, until=review.until, label=label),
        "ground": ground.picture(shown, label=voice.tell("Where it was")),
    }


def lines(db: Session, review: Review, wanted: Wanted, number: int, voice: Voice) -> Facts:
    """Give one page of the timeline with its filters."""
    sources, lanes = timeline.counts(db, review.night)
    everything = wanted == Wanted()
    total = sum(sources.values()) if everything else timeline.count(db, review.night, wanted)
    pages = max(1, -(-total // PAGE_ROWS))
    number = min(number, pages)
    rows = timeline.page(db, review.night, wanted, offset=(number - 1) * PAGE_ROWS)
    shown = [review_tables.line(row, voice) for row in rows]
    return {
        "timeline": review_tables.table("timeline", shown, voice),
        "wanted": wanted,
        "total": total,
        "number": number,
        "pages": pages,
        "sources": [
            (key, told.SOURCES[key], sources[key]) for key in told.SOURCES if key in sources
        ],
        "lane_counts": [(key, told.LEVELS[key], lanes[key]) for key in told.LEVELS if key in lanes],
    }


def indicators(
    request: Request,
    db: Session,
    actor: Actor,
    problem: PlatformError | None = None,
    code: str = "",
) -> Facts:
    """Gather what nights are measured by."""
    return {
        "section": SECTION,
        "rows": [
            (row, formulas.formula(row.figure, row.of, row.level))
            for row in repository.indicators(db)
        ],
        "level_words": told.LEVELS,
        "of_words": told.LEGS,
        "part_words": told.TALLY,
        "figure_words": told.FIGURES,
        "may_set": may(actor, Act.SET_REPORT_TIMES, city_of(actor.area_path)),
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "wrong": code,
    }
