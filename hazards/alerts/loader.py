"""Bring the warning colours in from their file, as often as one likes."""

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from hazards.alerts.models import AlertColour
from hazards.alerts.rules import Colour
from hazards.checklists.files import Strict, Words, parse, read_yaml
from hazards.checklists.loader import upsert
from hazards.checklists.rules import Mode, Rhythm, Season


class ListsEntry(Strict):
    """Which lists of points a colour asks; none named means all."""

    mode: Mode
    seasons: tuple[Season, ...] = ()
    rhythms: tuple[Rhythm, ...] = ()


class ColourEntry(Strict):
    """A colour as the file writes it."""

    colour: Colour
    name: Words
    lists: tuple[ListsEntry, ...]
    instruction: Words


def load(session: Session, path: Path) -> None:
    """Load the colours in the order of the file."""
    entries = parse(path, TypeAdapter(tuple[ColourEntry, ...]), read_yaml(path))
    upsert(session, AlertColour, [row_of(*pair) for pair in enumerate(entries, start=1)])


def row_of(position: int, entry: ColourEntry) -> dict[str, Any]:
    """Give a colour as a row."""
    return {
        "colour": str(entry.colour),
        "position": position,
        "name_zh": entry.name.zh,
        "name_en": entry.name.en,
        "lists": [one.model_dump(mode="json") for one in entry.lists],
        "instruction_zh": entry.instruction.zh,
        "instruction_en": entry.instruction.en,
    }
