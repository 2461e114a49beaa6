"""Bring the kinds of assets and the public numbers from their files into the tables."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from sqlalchemy.orm import Session

from hazards.checklists.files import Code, Strict, Words, parse, read_yaml
from hazards.checklists.loader import upsert
from qr_codes.assets.models import AssetType, PublicLine


class TypeEntry(Strict):
    """One kind of asset as the file writes it."""

    code: Code
    icon: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    geometry: Literal["point", "line", "any"]
    name: Words
    measures: tuple[Words, ...] = ()


class LineEntry(Strict):
    """One public number as the file writes it."""

    number: Annotated[str, Field(pattern=r"^[0-9+][0-9-]{2,20}$")]
    name: Words


def load(session: Session, folder: Path) -> int:
    """Load `types.yaml` and `lines.yaml`, as often as one likes; give the number of kinds."""
    path = folder / "types.yaml"
    kinds = parse(path, TypeAdapter(tuple[TypeEntry, ...]), read_yaml(path))
    upsert(session, AssetType, [type_row(*pair) for pair in enumerate(kinds, start=1)])
    path = folder / "lines.yaml"
    numbers = parse(path, TypeAdapter(tuple[LineEntry, ...]), read_yaml(path))
    upsert(session, PublicLine, [line_row(*pair) for pair in enumerate(numbers, start=1)])
    return len(kinds)


def type_row(position: int, kind: TypeEntry) -> dict[str, Any]:
    """Give the row of a kind."""
    return {
        "code": kind.code,
        "position": position,
        "icon": kind.icon,
        "geometry": kind.geometry,
        "name_zh": kind.name.zh,
        "name_en": kind.name.en,
        "measures": [measure.model_dump() for measure in kind.measures],
    }


def line_row(position: int, line: LineEntry) -> dict[str, Any]:
    """Give the row of a number."""
    return {
        "number": line.number,
        "position": position,
        "name_zh": line.name.zh,
        "name_en": line.name.en,
    }
