"""Bring the indicators in from their file, as often as one likes."""

from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hazards.checklists.files import Code, Strict, Words, parse, read_yaml
from rescue_app.review.indicators import checked_target, formula
from rescue_app.review.models import Indicator


class Entry(Strict):
    """An indicator as the file writes it."""

    code: Code
    name: Words
    figure: str
    of: str
    level: Literal["all", "city", "district", "department", "street", "crew", "member"]
    target: float


def load(session: Session, path: Path) -> None:
    """Load the indicators; a target that the city set itself stays."""
    entries = parse(path, TypeAdapter(tuple[Entry, ...]), read_yaml(path))
    for position, entry in enumerate(entries, start=1):
        checked_target(formula(entry.figure, entry.of, entry.level), entry.target)
        row = entry.model_dump(exclude={"name"})
        names = {"name_zh": entry.name.zh, "name_en": entry.name.en}
        statement = insert(Indicator).values(row | names | {"position": position,
                                                            "changed_by_name": ""})  # fmt: skip
        fresh = statement.excluded
        own = case((Indicator.changed_by_name == "", fresh.target), else_=Indicator.target)
        changed = {name: fresh[name] for name in (*names, "position", "figure", "of", "level")}
        session.execute(
            statement.on_conflict_do_update(index_elements=["code"], set_=changed | {"target": own})
        )
