"""From what somebody asks for to the file: one way for the page, the job and the command."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of
from hazards.points import types
from rescue_app.papers import figures
from rescue_app.papers.asked import Asked, Made, Paper, Step
from rescue_app.web import paper_atlas, paper_brief, paper_gathering, paper_map_files
from rescue_app.web.paper_map import Voice

Unit = Callable[[], AbstractContextManager[Session]]
PDF = "application/pdf"


def made(unit: Unit, asked: Asked, *, now: datetime, step: Step) -> Made:
    """Make a paper; nothing of the database is held while it is set in type."""
    return MAKERS[Paper(asked.paper)](unit, asked, now, step)


def cards(unit: Unit, asked: Asked, now: datetime, step: Step) -> Made:
    """Make cards."""
    from rescue_app.papers import printing  # noqa: PLC0415 - the typesetter is the job's

    with unit() as session:
        sheets = paper_gathering.sheets(session, asked, now=now)
    step(0, len(sheets))
    title = "避险明白卡" if asked.paper == Paper.REFUGE else "防灾工作明白卡"
    content = printing.printed(
        sheets, public_url=asked.public_url, title=title,
        step=lambda done: step(done, len(sheets)),
    )  # fmt: skip
    return Made(content, "pdf", PDF)


def handout(unit: Unit, asked: Asked, now: datetime, step: Step) -> Made:
    """Make the hand-out map."""
    with unit() as session:
        found = paper_map_files.read(session, asked, now)
    return paper_map_files.made(found, asked, now=now, step=step)


def atlas(unit: Unit, asked: Asked, now: datetime, step: Step) -> Made:
    """Make the atlas."""
    from rescue_app.papers import atlas as binding  # noqa: PLC0415 - as above

    with unit() as session:
        found = paper_map_files.read(session, asked, now)
        units = paper_atlas.units(session, asked.under)
    whole = paper_atlas.Atlas(found, asked, Voice(asked.locale), binding.family(), now)
    parts = [*(whole.street(one) for one in whole.streets), whole.contacts(units)]
    content = binding.bound(whole.front, parts, step=lambda done: step(done, len(parts)))
    return Made(content, "pdf", PDF)


def brief(unit: Unit, asked: Asked, now: datetime, step: Step) -> Made:
    """Make the brief."""
    from rescue_app.papers import atlas as binding  # noqa: PLC0415 - as above

    step(0, 2)
    with unit() as session:
        found = figures.read(session, asked.under, now=now)
        area = areas.by_path(session, asked.under, day_of(now))
        kinds = {one.code: one for one in types.all_types(session)}
    step(1, 2)
    name = (area.name if asked.locale == "zh" else area.name_en or area.name) if area else ""
    said = paper_brief.told(
        found, asked, area=name, types=kinds, font=binding.family(), now=now
    )  # fmt: skip
    content = binding.typeset(said, "brief.typ")
    step(2, 2)
    return Made(content, "pdf", PDF)


MAKERS: dict[Paper, Callable[[Unit, Asked, datetime, Step], Made]] = {
    Paper.REFUGE: cards,
    Paper.WORK: cards,
    Paper.MAP: handout,
    Paper.ATLAS: atlas,
    Paper.BRIEF: brief,
}


def at_once(session: Session, asked: Asked, *, now: datetime) -> Made:
    """Make a small paper within the request that asks for it."""
    return made(lambda: nullcontext(session), asked, now=now, step=lambda _done, _total: None)
