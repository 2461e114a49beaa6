"""The table of what cameras can tell of: loaded from its file as often as one likes."""

from pathlib import Path

from pydantic import Field, TypeAdapter
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hazards.alerts.rules import Colour
from hazards.checklists.files import Code, Strict, Words, parse, read_yaml
from qr_codes.sightings.models import SightingKind


class Entry(Strict):
    """A kind as the file writes it."""

    code: Code
    name: Words
    grade: int = Field(ge=1, le=4)
    confidence: float = Field(ge=0, le=1)
    near_m: float = Field(ge=0, le=2_000)
    apart_m: float = Field(gt=0, le=5_000)
    apart_min: float = Field(gt=0, le=1_440)
    hazard: Code
    colour: Colour


def load(session: Session, path: Path) -> None:
    """Bring the table to what the file says; a kind that is missing there stays as it is."""
    entries = parse(path, TypeAdapter(tuple[Entry, ...]), read_yaml(path))
    rows = [
        one.model_dump(exclude={"name"}, mode="json")
        | {"name_zh": one.name.zh, "name_en": one.name.en, "position": position}
        for position, one in enumerate(entries)
    ]
    fresh = insert(SightingKind).values(rows)
    columns = {c.name: c for c in fresh.excluded if c.name != "code"}
    session.execute(fresh.on_conflict_do_update(index_elements=["code"], set_=columns))
