"""What the pages of responsibility show, and the words its lists are written in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from fastapi import Request
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, may
from gis.errors import Rejected
from gis.exchange.writing.texts import workbook
from hazards.duty import book, listing, lists, people
from hazards.duty.models import Responsibility
from hazards.duty.responsibility import Owner
from hazards.points import types
from hazards.points.rules import Category
from qr_codes.assets import repository as assets
from rescue_app.web.points_view import areas_read, type_names
from rescue_app.web.render import language, say
from rescue_app.web.words import translate

if TYPE_CHECKING:
    from gis.exchange import Table

Facts = dict[str, Any]
Rows = list[tuple[int, dict[str, str]]]
PAGE_ROWS = 50
FAMILIES = {
    "geological": "Geological hazards",
    "flood": "Floods",
    "fire": "Fires",
    "seismic": "Earthquakes",
    "weather": "Severe weather",
}
REST = {"any": "Everything else"}
CATEGORIES = {
    Category.OCCURRENCE: "Occurrence point",
    Category.HIDDEN_DANGER: "Hidden-danger point",
    Category.PREVENTION: "Prevention point",
    Category.CRITICAL: "Critical point",
}
LEVELS = {"city": "City", "district": "District", "street": "Street or town"}


@dataclass(frozen=True, slots=True)
class Unowned:
    """Points of one kind and place whose owner is not there."""

    hazard_type: str
    category: str
    area_path: str
    points: int
    owner: Owner


def said(text: str) -> tuple[str, str]:
    """Give a word of ours in Chinese and English."""
    return translate("zh", text), text


def vocabulary(db: Session) -> lists.Words:
    """Give every name by which a list may call a matter or a category."""
    kinds = [(one.code, one.name_zh, one.name_en) for one in types.all_types(db)]
    families = [(code, *said(text)) for code, text in (FAMILIES | REST).items()]
    things = [(f"asset:{one.code}", one.name_zh, one.name_en) for one in assets.types(db)]
    categories = [(str(code), *said(text)) for code, text in CATEGORIES.items()]
    return lists.Words(lists.every([*things, *families, *kinds]), lists.every(categories))


def matter_names(request: Request, db: Session) -> dict[str, str]:
    """Give the names of matters in the reader's language."""
    chinese = language(request) == "zh"
    names = type_names(request, db)
    names |= {code: say(request, text) for code, text in (FAMILIES | REST).items()}
    return names | {
        f"asset:{one.code}": one.name_zh if chinese else one.name_en for one in assets.types(db)
    }


def words(request: Request, db: Session) -> Facts:
    """Give the words that all pages of responsibility need."""
    return {
        "matters": matter_names(request, db),
        "categories": {str(code): say(request, text) for code, text in CATEGORIES.items()},
        "levels": {code: say(request, text) for code, text in LEVELS.items()},
        "headings": {name: say(request, HEADING_WORDS[name]) for name in lists.HEADINGS},
    }


HEADING_WORDS = {
    "matter": "Matter",
    "category": "Category",
    "level": "Level",
    "lead": "Lead unit",
    "helpers": "Helping units",
    "first_name": "First person",
    "first_phone": "Phone of the first person",
    "deputy_name": "Deputy",
    "deputy_phone": "Phone of the deputy",
    "valid_from": "First day",
    "valid_to": "Ends on",
}


def of_day(request: Request, db: Session, actor: Actor, on: date, now: datetime) -> Facts:
    """Give the list of a day with what stands around it."""
    rows = book.lines(db, on, over=actor.area_path)
    return {
        "rows": rows,
        "on": on,
        "areas": areas_read(request, db, {row.area_path for row in rows}, now),
        "may_edit": may(actor, Act.EDIT_RESPONSIBILITY, actor.area_path),
        "may_manage": may(actor, Act.MANAGE_PEOPLE, actor.area_path),
    } | words(request, db)


def unowned(db: Session, area_path: str, on: date) -> list[Unowned]:
    """Give the points whose owner is not there, the most of a kind first."""
    found = book.ownerless_points(db, area_path, categories=list(Category), on=on)
    return sorted(
        (Unowned(*row) for row in found),
        key=lambda one: (-one.points, one.area_path, one.hazard_type, one.category),
    )


def ownerless(request: Request, db: Session, actor: Actor, now: datetime, page: int) -> Facts:
    """Give one page of the points whose owner is not there, and how many they are in all."""
    missing = unowned(db, actor.area_path, day_of(now))
    shown = missing[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    return {
        "found": shown,
        "total": sum(one.points for one in missing),
        "page_number": page,
        "pages": max(1, -(-len(missing) // PAGE_ROWS)),
        "areas": areas_read(request, db, {one.area_path for one in shown}, now),
    } | words(request, db)


def people_of(db: Session, actor: Actor, q: str, page: int) -> Facts:
    """Give one page of the people of the actor's units, and how many they are in all."""
    found, total = people.listed(db, actor.area_path, words=q.strip(), page=page)
    pages = max(1, -(-total // people.MOST))
    return {"found": found, "total": total, "page_number": page, "pages": pages}


def rows_of(table: "Table") -> Rows:
    """Give a file's rows by field: only the columns that a list has."""
    columns = lists.columns_of(table.columns)
    lines = [int(line) for line in table.lines]
    return [
        (line, {name: record[heading] or "" for name, heading in columns.items()})
        for line, record in zip(lines, table.records(), strict=True)
    ]


def beside(db: Session, table: "Table", found: listing.Compared, who: Actor) -> Facts:
    """Tell of a file what of it is not taken, and which rows name a unit that is not there."""
    wanted = {**found.new, **{line: row for line, (row, _) in found.changed.items()}}
    return {
        "left_out": lists.unknown(table.columns, lists.columns_of(table.columns)),
        "nowhere": book.without_unit(db, who.area_path, wanted),
    }


def carried(rows: Rows) -> str:
    """Let a form carry rows from the dry run to the taking over."""
    return json.dumps(rows, ensure_ascii=False)


def brought(text: str) -> Rows:
    """Take the rows back; they are read anew, whatever happened to them on the way."""
    try:
        return [
            (int(line), {str(k): str(v) for k, v in row.items()}) for line, row in json.loads(text)
        ]
    except (ValueError, TypeError, AttributeError) as error:
        raise Rejected("The rows did not arrive whole. Send the file again.") from error


def texts_of(row: Responsibility, names: Facts) -> dict[str, str]:
    """Give a row as a person would type it."""
    plain = {name: str(getattr(row, name) or "") for name in lists.HEADINGS}
    return plain | {
        "matter": names["matters"].get(row.matter, row.matter),
        "category": names["categories"].get(row.category, ""),
        "level": names["levels"][row.level],
        "helpers": "、".join(row.helpers),
    }


def as_workbook(request: Request, db: Session, rows: Sequence[Responsibility]) -> bytes:
    """Write a list as offices keep it; brought in again it is the same."""
    names = words(request, db)
    place = 0 if language(request) == "zh" else 1
    heads = [words_of[place] for words_of in lists.HEADINGS.values()]
    body = [list(texts_of(row, names).values()) for row in rows]
    return workbook({"list": [heads, *body]})


def problem(request: Request, slip: lists.Slip) -> Mapping[str, str]:
    """Tell a slip in the reader's language, to stand beside its field."""
    return {slip.column: say(request, slip.reason.text, **slip.reason.values)}
