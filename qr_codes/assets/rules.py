"""The life of a label and the form of an asset: pure decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from gis.errors import Conflict, Rejected
from hazards.checklists.rules import bounded
from qr_codes.assets.fields import AssetField
from qr_codes.assets.fields import checked as checked_facts

OLDEST_YEAR = 600  # 安济桥 stands since 605
LONGEST_NAME = 120
LONGEST_WORDS = 500
LONGEST_PHONE = 22
KINDS_OF_SHAPE = {
    "point": frozenset({"Point"}),
    "line": frozenset({"LineString", "MultiLineString"}),
    "any": frozenset({"Point", "LineString", "MultiLineString"}),
}

WRONG_SHAPE = {
    "point": "This kind of asset is a point on the map.",
    "line": "This kind of asset is a line on the map.",
    "any": "An asset is a point or a line on the map.",
}


class CodeState(StrEnum):
    """Where a label is in its life."""

    PRINTED = "printed"
    MOUNTED = "mounted"
    DAMAGED = "damaged"
    REPLACED = "replaced"
    REVOKED = "revoked"


IN_FORCE = frozenset({CodeState.PRINTED, CodeState.MOUNTED, CodeState.DAMAGED})

MOVES: dict[CodeState, frozenset[CodeState]] = {
    CodeState.PRINTED: frozenset(
        {CodeState.MOUNTED, CodeState.DAMAGED, CodeState.REPLACED, CodeState.REVOKED}
    ),
    CodeState.MOUNTED: frozenset({CodeState.DAMAGED, CodeState.REPLACED, CodeState.REVOKED}),
    CodeState.DAMAGED: frozenset({CodeState.REPLACED, CodeState.REVOKED}),
    CodeState.REPLACED: frozenset(),
    CodeState.REVOKED: frozenset(),
}


def moved(now: CodeState, to: CodeState) -> CodeState:
    """Give the next state of a label, or refuse: an ended label never comes back."""
    if to not in MOVES[now]:
        raise Conflict("This label has changed or ended meanwhile. Load the page again.")
    return to


@dataclass(frozen=True, slots=True)
class AssetEntry:
    """An asset as somebody enters or imports it."""

    type_code: str
    name: str
    place: BaseGeometry
    owner_unit: str = ""
    owner_phone: str = ""
    maintainer: str = ""
    rank: str = ""
    built_year: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    source: str | None = None
    source_id: str | None = None
    synthetic: bool = False


WRITTEN = (
    "type_code",
    "name",
    "place",
    "owner_unit",
    "owner_phone",
    "maintainer",
    "rank",
    "built_year",
    "facts",
)
"""What a person decides of an asset, and by which it counts as changed."""


def checked(
    entry: AssetEntry, *, geometry: str, fields: Sequence[AssetField], now: datetime
) -> AssetEntry:
    """Give the entry tidied, or say what is wrong with it."""
    name = bounded(entry.name, most=LONGEST_NAME)
    if not name:
        raise Rejected("An asset needs a name, as people here call it.")
    if entry.place.geom_type not in KINDS_OF_SHAPE[geometry]:
        raise Rejected(WRONG_SHAPE[geometry])
    year = entry.built_year
    if year is not None and not OLDEST_YEAR <= year <= now.year + 1:
        raise Rejected("{year} is not a year in which this can have been built.", year=year)
    return AssetEntry(
        type_code=entry.type_code,
        name=name,
        place=entry.place,
        owner_unit=bounded(entry.owner_unit, most=LONGEST_WORDS),
        owner_phone=bounded(entry.owner_phone, most=LONGEST_PHONE),
        maintainer=bounded(entry.maintainer, most=LONGEST_WORDS),
        rank=bounded(entry.rank, most=LONGEST_NAME),
        built_year=year,
        facts=checked_facts(fields, entry.facts),
        source=entry.source,
        source_id=entry.source_id,
        synthetic=entry.synthetic,
    )
