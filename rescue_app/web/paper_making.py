"""From what somebody asks for to the file: one way for the page, the job and the command."""

import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.errors import Rejected
from hazards.points import types
from rescue_app.papers import figures, notes
from rescue_app.papers.asked import Asked, Made, Paper, Printed, Step
from rescue_app.web import paper_atlas, paper_brief, paper_gathering, paper_map_files
from rescue_app.web.paper_gathering import Lot
from rescue_app.web.paper_map import Voice

Unit = Callable[[], AbstractContextManager[Session]]
PDF = "application/pdf"
TITLES = {Paper.REFUGE: "避险明白卡", Paper.WORK: "防灾工作明白卡"}
NONE = "There is no card to print here: no household and nobody in charge is known."
NONE_OLD = "Nothing to print again: every card handed out says what the records say now."


def made(unit: Unit, asked: Asked, into: Path, *, now: datetime, step: Step) -> Made:
    """Write a paper; nothing of the database is held while it is set in type."""
    return MAKERS[Paper(asked.paper)](unit, asked, into, now, step)


def cards(unit: Unit, asked: Asked, into: Path, now: datetime, step: Step) -> Made:
    """Write cards: one file, or where that is too many a file for each lot in an archive."""
    with unit() as session:
        lots = paper_gathering.lots(session, asked)
    total, done = sum(lot.count for lot in lots), 0
    prints: list[Printed] = []
    parts: list[str] = []
    step(0, total)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for lot in lots:
            told = partial(_step_from, step, done, total)
            name, pdf, here = set_in_type(unit, asked, lot, now, told)
            done += lot.count
            if here:
                parts.append(f"{len(parts) + 1:03d}-{name}.pdf")
                archive.writestr(parts[-1], pdf)
                prints += here
    if not prints:
        raise Rejected(NONE_OLD if asked.again else NONE)
    step(total, total)
    if len(parts) > 1:
        return Made("zip", "application/zip", prints)
    with zipfile.ZipFile(into) as archive:
        pdf = archive.read(parts[0])
    into.write_bytes(pdf)
    return Made("pdf", PDF, prints)


def _step_from(step: Step, before: int, total: int, done: int) -> None:
    step(before + done, total)


def set_in_type(
    unit: Unit, asked: Asked, lot: Lot, now: datetime, step: Callable[[int], None]
) -> tuple[str, bytes, Sequence[Printed]]:
    """Set a lot of cards; none where nothing of it is to be printed again."""
    from rescue_app.papers import printing  # noqa: PLC0415 - the typesetter is the job's

    with unit() as session:
        sheets = paper_gathering.sheets(session, asked, lot, now=now)
        name = paper_gathering.street_name(session, lot, now)
    if not sheets:
        return name, b"", ()
    pdf = printing.printed(
        sheets, public_url=asked.public_url, title=TITLES[Paper(asked.paper)], step=step
    )
    prints = [Printed(one.point_id, one.area_path, one.whose, one.state, lot.reach_m)
              for one in sheets]  # fmt: skip
    return re.sub(r"[^\w-]+", "_", name), pdf, prints


def handout(unit: Unit, asked: Asked, into: Path, now: datetime, step: Step) -> Made:
    """Write the hand-out map."""
    with unit() as session:
        found = paper_map_files.read(session, asked, now)
    return paper_map_files.made(found, asked, into, now=now, step=step)


def atlas(unit: Unit, asked: Asked, into: Path, now: datetime, step: Step) -> Made:
    """Write the atlas."""
    from rescue_app.papers import atlas as binding  # noqa: PLC0415 - as above

    with unit() as session:
        found = paper_map_files.read(session, asked, now)
        units = paper_atlas.units(session, asked.under)
    whole = paper_atlas.Atlas(found, asked, Voice(asked.locale), binding.family(), now)
    parts = [*(whole.street(one) for one in whole.streets), whole.contacts(units)]
    content = binding.bound(whole.front, parts, step=lambda done: step(done, len(parts)))
    into.write_bytes(content)
    return Made("pdf", PDF)


def brief(unit: Unit, asked: Asked, into: Path, now: datetime, step: Step) -> Made:
    """Write the brief."""
    from rescue_app.papers import atlas as binding  # noqa: PLC0415 - as above

    step(0, 2)
    with unit() as session:
        found = figures.read(session, asked.under, now=now)
        area = areas.by_path(session, asked.under, day_of(now))
        kinds = {one.code: one for one in types.all_types(session)}
        places = {one.area_path: areas.by_path(session, one.area_path, day_of(now))
                  for one in found.proposals}  # fmt: skip
    step(1, 2)
    name = (area.name if asked.locale == "zh" else area.name_en or area.name) if area else ""
    said = paper_brief.told(
        found, asked, area=name, types=kinds, places=places, font=binding.family(), now=now
    )  # fmt: skip
    into.write_bytes(binding.typeset(said, "brief.typ"))
    step(2, 2)
    return Made("pdf", PDF)


MAKERS: dict[Paper, Callable[[Unit, Asked, Path, datetime, Step], Made]] = {
    Paper.REFUGE: cards,
    Paper.WORK: cards,
    Paper.MAP: handout,
    Paper.ATLAS: atlas,
    Paper.BRIEF: brief,
}


def at_once(session: Session, asked: Asked, *, now: datetime) -> tuple[bytes, Made]:
    """Make a small paper within the request that asks for it, and note what was printed."""
    with TemporaryDirectory(prefix="yitong-paper-") as folder:
        path = Path(folder) / "paper"
        done = made(lambda: nullcontext(session), asked, path, now=now, step=lambda _, __: None)
        notes.note_printed(session, done.prints, by_name=asked.who, now=now)
        return path.read_bytes(), done
