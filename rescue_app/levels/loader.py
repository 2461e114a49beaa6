"""Bring the kinds of plans and the modes of levels in from their files, as often as one likes."""

from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hazards.checklists.files import Code, Strict, Words, parse, read_yaml
from hazards.checklists.loader import upsert
from hazards.modes.rules import Mode
from rescue_app.levels.models import LevelMode, PlanType


class TypeEntry(Strict):
    """A kind of plan as the file writes it."""

    code: Code
    name: Words
    hazards: tuple[Code, ...]


class ModeEntry(Strict):
    """The mode of a level as the file writes it."""

    level: Literal["I", "II", "III", "IV"]
    mode: Mode


def load(session: Session, folder: Path) -> None:
    """Load `types.yaml` and `levels.yaml`; a mode that the city set itself stays."""
    path = folder / "types.yaml"
    entries = parse(path, TypeAdapter(tuple[TypeEntry, ...]), read_yaml(path))
    upsert(session, PlanType, [row_of(*pair) for pair in enumerate(entries, start=1)])
    path = folder / "levels.yaml"
    for entry in parse(path, TypeAdapter(tuple[ModeEntry, ...]), read_yaml(path)):
        statement = insert(LevelMode).values(
            level=entry.level, mode=str(entry.mode), changed_by_name=""
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["level"],
                set_={"mode": statement.excluded.mode},
                where=LevelMode.changed_by_name == "",
            )
        )


def row_of(position: int, entry: TypeEntry) -> dict[str, Any]:
    """Give a kind of plan as a row."""
    names = {"name_zh": entry.name.zh, "name_en": entry.name.en}
    return {"code": entry.code, "position": position, "hazards": list(entry.hazards)} | names
