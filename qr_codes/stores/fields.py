"""What a list of stores may bring, one row for each material of a store, by mapping or heading."""

import re
from collections.abc import Sequence

from gis.errors import Rejected
from gis.exchange.importing.fields import Field, Kind
from gis.exchange.importing.mapping import Mapping
from qr_codes.stores.headings import HEADINGS, LONGEST_NAME, LONGEST_PHONE
from qr_codes.stores.models import Material

PLACES = ("longitude", "latitude")
BRACKETS = re.compile(r"[（(].*?[)）]|[\s_]+")


def store_fields(materials: Sequence[Material]) -> tuple[Field, ...]:
    """Give the fields of a row; every name a material has means its code."""
    words = {word: one.code for one in materials
             for word in (one.code, one.name_zh, one.name_en, *one.words)}  # fmt: skip
    return (
        Field("source", required=True, longest=100),
        Field("number", required=True, longest=100),
        Field("name", required=True, longest=LONGEST_NAME),
        Field("address", longest=LONGEST_NAME),
        Field("keeper", longest=LONGEST_NAME),
        Field("keeper_phone", longest=LONGEST_PHONE),
        Field("district"),
        Field("material", Kind.CODE, codes=words),
        Field("amount", Kind.DECIMAL, least=0, most=1e9),
        Field("unit", longest=20),
    )


def guessed(columns: Sequence[str], *, source: str, crs: str | None) -> Mapping:
    """Make the mapping of a file with the usual headings; without numbers a name is the number."""
    known = {word: field for field, words in HEADINGS.items() for word in words}
    found: dict[str, str] = {}
    for column in columns:
        field = known.get(BRACKETS.sub("", column).lower())
        if field is not None:
            found.setdefault(field, column)
    if "name" not in found:
        raise Rejected(
            "No column says which store it is. Name one 名称, or write a mapping (--mapping)."
        )
    if "longitude" in found and crs is None:
        raise Rejected(
            "Nobody says in which coordinate system these places are. Add --crs: CGCS2000 for GPS,"
            " GCJ-02 for AMap and Tencent, BD-09 for Baidu."
        )
    found.setdefault("number", found["name"])
    fields = {field: column for field, column in found.items() if field not in PLACES}
    where = {place: found[place] for place in PLACES if place in found}
    return Mapping.model_validate({"source": source, "crs": crs, "fields": fields} | where)
