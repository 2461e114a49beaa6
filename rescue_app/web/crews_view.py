"""What the pages of crews show, and how a list of them is written."""

from typing import TYPE_CHECKING, Any

from fastapi import Request
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, may
from gis.exchange.writing.texts import workbook
from hazards.duty import abilities, crew_lists, crews, lists
from hazards.duty.models import Crew
from rescue_app.web.render import language, say

if TYPE_CHECKING:
    from gis.exchange import Table

Facts = dict[str, Any]
Rows = list[tuple[int, dict[str, str]]]
HEADING_WORDS = {
    "name": "A crew",
    "name_en": "Name in English",
    "area": "Street or town",
    "leader": "Leader",
    "phone": "Phone",
    "skills": "Skills",
    "equipment": "Equipment",
    "lon": "Longitude",
    "lat": "Latitude",
    "on_duty": "On duty",
}


def words(request: Request, db: Session, who: Actor) -> Facts:
    """Give the words that all pages of crews need."""
    listed = abilities.listed(db)
    return {
        "headings": {name: say(request, HEADING_WORDS[name]) for name in crew_lists.HEADINGS},
        "kinds": {kind: [one for one in listed if one.kind == kind] for kind in abilities.KINDS},
        "abilities": abilities.names(db, chinese=language(request) == "zh"),
        "may_manage": may(who, Act.MANAGE_PEOPLE, who.area_path),
        "may_word": may(who, Act.EDIT_TEMPLATE, city_of(who.area_path)),
    }


def rows_of(table: "Table") -> Rows:
    """Give a file's rows by field; what it has no column for is not in them."""
    columns = columns_of(table)
    lines = [int(line) for line in table.lines]
    return [
        (line, {name: record[heading] or "" for name, heading in columns.items()})
        for line, record in zip(lines, table.records(), strict=True)
    ]


def columns_of(table: "Table") -> dict[str, str]:
    """Find which heading of a file is which field."""
    return lists.columns_of(table.columns, crew_lists.HEADINGS, crew_lists.NEEDED)


def left_out(table: "Table") -> list[str]:
    """Give the headings of a file that are no field."""
    return lists.unknown(table.columns, columns_of(table))


def as_workbook(request: Request, db: Session, who: Actor) -> bytes:
    """Write the crews of an area as a list that can be brought in again."""
    place = 0 if language(request) == "zh" else 1
    names = abilities.names(db, chinese=language(request) == "zh")
    heads = [heading[place] for heading in crew_lists.HEADINGS.values()]
    body = [texts_of(crew, names) for crew in crews.held(db, who.area_path).values()]
    return workbook({"crews": [heads, *body]})


def texts_of(crew: Crew, names: dict[str, str]) -> list[str]:
    """Give a crew as a person would type it; who leads it stays as it is."""
    skills, equipment = (
        "、".join(names.get(code, code) for code in codes)
        for codes in (crew.skills, crew.equipment)
    )
    at = (f"{crew.place.x:.6f}", f"{crew.place.y:.6f}") if crew.place else ("", "")
    area = crew.area_path.rstrip("/").rpartition("/")[2]
    duty = "是" if crew.on_duty else "否"
    return [crew.name, crew.name_en, area, "", "", skills, equipment, *at, duty]
