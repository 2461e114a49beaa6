"""The hand-out map as a file: one while it is small, else one for each street in a zip."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy.orm import Session

from rescue_app.papers.asked import Asked, Made, Step
from rescue_app.papers.ground import Outline
from rescue_app.settings import PROJECT
from rescue_app.web import paper_map
from rescue_app.web.paper_map import MOST_IN_FILE, Gathered, Voice

LIBRARIES = PROJECT / "node_modules"
HTML = "text/html"


def read(session: Session, asked: Asked, now: datetime) -> Gathered:
    """Read what the map shows."""
    return paper_map.gathered(session, asked, now=now)


def made(found: Gathered, asked: Asked, into: Path, *, now: datetime, step: Step) -> Made:
    """Write the file, or a zip of one for each street where one would be too heavy to open."""
    whole = found.outlines[0]
    if len(found.points) <= MOST_IN_FILE:
        step(0, 1)
        into.write_bytes(page(found, asked, title=said(whole, asked), now=now))
        step(1, 1)
        return Made("html", HTML)
    parts = list(by_street(found))
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, part in enumerate(parts):
            step(done, len(parts))
            name = part.outlines[0].name
            title = f"{said(whole, asked)} {said(part.outlines[0], asked)}"
            content = page(part, asked, title=title, now=now)
            plain = re.sub(r"[^\w-]+", "_", name)
            archive.writestr(f"{done + 1:03d}-{plain}.html", content)
    step(len(parts), len(parts))
    return Made("zip", "application/zip")


def said(area: Outline, asked: Asked) -> str:
    """Give an area's name in the file's language."""
    return area.name if asked.locale == "zh" else area.name_en or area.name


def page(found: Gathered, asked: Asked, *, title: str, now: datetime) -> bytes:
    """Make one file."""
    from rescue_app.papers import handout  # noqa: PLC0415 - folium is the job's

    voice = Voice(asked.locale)
    title = voice.say("Hazard map: {area}", area=title)
    return handout.made(
        paper_map.told(found, asked, title=title, now=now),
        outlines=found.outlines, water=found.water, heats=paper_map.heats(found, voice),
        libraries=LIBRARIES,
    )  # fmt: skip


def by_street(found: Gathered) -> Iterator[Gathered]:
    """Divide by the smallest outline that each thing lies in; what lies in none, with the whole."""
    paths = sorted((one.path for one in found.outlines), key=len, reverse=True)

    def within(path: str) -> str:
        return next((one for one in paths if path.startswith(one)), found.outlines[0].path)

    points: dict[str, list[Any]] = defaultdict(list)
    records: dict[str, list[Any]] = defaultdict(list)
    homes: dict[str, list[Any]] = defaultdict(list)
    for things, seen in ((found.points, points), (found.records, records), (found.homes, homes)):
        for one in things:
            seen[within(one.area_path)].append(one)
    for outline in found.outlines:
        here = points[outline.path]
        if here or outline.level == "street":
            box = shapely.box(*outline.shape.bounds)
            wet = [cut for one in found.water if not (cut := one.intersection(box)).is_empty]
            yield replace(found, outlines=[outline], water=wet, points=here,
                          records=records[outline.path], homes=homes[outline.path])  # fmt: skip
