"""The timeline as a file that other programs open: a table, or a layer of a map."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Subquery, Text, case, cast, func, literal, null, select
from sqlalchemy.orm import Session

from gis import crs as systems
from gis.exchange.copying import harmless
from gis.exchange.writing import forms
from gis.exchange.writing.forms import CODES, Form, Wording
from rescue_app.review.timeline import ORDER, TEXTS, Night, everything

CITY_TIME = 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'


def write(
    session: Session,
    night: Night,
    form: Form,
    path: Path,
    *,
    title: str,
    is_drill: bool,
    wording: Wording = CODES,
) -> None:
    """Write the whole timeline into a file that other programs open, or in a reader's words."""
    lines = everything(night)

    def shown(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return harmless(column) if form is Form.CSV else cast(column, Text)

    def moment(column: ColumnElement[datetime]) -> ColumnElement[Any]:
        return func.to_char(func.timezone("Asia/Shanghai", column), CITY_TIME)

    columns = [
        shown(literal(title, Text)).label("name"),
        literal("drill 演练" if is_drill else "", Text).label("drill"),
        moment(lines.c.at).label("at"),
        moment(lines.c.heard_at).label("heard_at"),
        *(shown(_said(lines, name, wording)).label(name) for name in TEXTS),
        cast(lines.c.order_id, Text).label("order_id"),
        lines.c.people.label("people_moved"),
        func.ST_X(lines.c.place).label("longitude"),
        func.ST_Y(lines.c.place).label("latitude"),
        cast(null(), Text).label("extent"),
        literal(systems.WGS84, Text).label("crs"),
    ]
    query = select(*columns).order_by(*(lines.c[name] for name in ORDER))
    kinds = {str(column.key): "string" for column in query.selected_columns}
    kinds |= {"people_moved": "int64", "longitude": "float64", "latitude": "float64"}
    forms.write(session, query, kinds, form, path, headings=wording.headings)


def _said(lines: Subquery, name: str, wording: Wording) -> ColumnElement[Any]:
    """Give a column, its codes in words; what a kind means depends on the log it is from."""
    column, words = lines.c[name], wording.words.get(name)
    code = func.concat(lines.c.source, ":", column) if name == "kind" else column
    return case(dict(words), value=code, else_=column) if words else column
