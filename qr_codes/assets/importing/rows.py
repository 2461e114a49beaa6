"""Rows of a file become assets: shape and fields are held against their kind, row by row."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import pyarrow as pa

from gis.areas import staged
from gis.areas.placing import Placer
from gis.errors import Rejected
from gis.exchange.importing.checks import heading
from gis.exchange.importing.engine import Plan, without
from gis.exchange.table import Refused
from qr_codes.assets.fields import AssetField, value_of
from qr_codes.assets.importing.fields import RATED, RATINGS
from qr_codes.assets.rules import WRONG_SHAPE

YEAR = re.compile(RATED)
LONGEST_RATING = 40
MADE = ("name", "facts", "street", "links", RATINGS)
"""Columns of the temporary table that are worked out here."""
CITY_DEPTH = 2
"""Parts of a path up to the city, whose name nobody says in front of a street's."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """What is known of the kinds: how they lie and what is recorded of them."""

    shapes: Mapping[str, str]
    names: Mapping[str, str]
    fields: Mapping[str, Mapping[str, AssetField]]
    codes: frozenset[str]
    relations: frozenset[str]


@dataclass(slots=True)
class Reader:
    """Finishes slices of a file for the temporary table."""

    plan: Plan
    kinds: Kinds
    placer: Placer
    mine: str
    away: staged.Claims
    standing: staged.Standing

    def finish(self, rows: pa.Table) -> tuple[pa.Table, list[Refused]]:
        """Add area, street, name, fields and ratings; refuse what does not fit its kind."""
        placed, refused = staged.placed(
            rows, self.placer, mine=self.mine, away=self.away, standing=self.standing
        )
        own = [name for name in placed.column_names if name in self.kinds.codes]
        columns: dict[str, list[object]] = {name: [] for name in MADE}
        others = [name for name in placed.column_names if name in self.kinds.relations]
        street = cache(self.street)
        for row in placed.to_pylist():
            told = self.read(row, own, refused)
            columns["name"].append(row.get("name") or self.kinds.names[row["type"]] + row["number"])
            columns["facts"].append(json.dumps(told, ensure_ascii=False))
            columns["street"].append(street(row["area_path"]))
            linked = {code: row[code] for code in others if row[code]}
            columns["links"].append(json.dumps(linked, ensure_ascii=False))
            columns[RATINGS].append(self.ratings(row, refused))
        gone = [*own, *others, *(c for c in columns if c in placed.column_names)]
        kept = placed.drop_columns(gone)
        for name, values in columns.items():
            kept = kept.append_column(name, pa.array(values, pa.string()))
        return without(kept, refused), refused

    def read(
        self, row: dict[str, Any], own: list[str], refused: list[Refused]
    ) -> dict[str, object]:
        """Give the fields of one asset as values."""
        told: dict[str, object] = {}
        bad = self.misshapen(row)
        refused += [Refused(row["line"], problem, "geometry", None) for problem in bad]
        known = self.kinds.fields[row["type"]]
        for code in own:
            said = plain(row[code])
            if said is None:
                continue
            try:
                told[code] = value_of(known[code], said) if code in known else alien(code)
            except Rejected as problem:
                refused.append(Refused(row["line"], problem, heading(self.plan, code), str(said)))
        return told

    def misshapen(self, row: dict[str, Any]) -> Iterator[Rejected]:
        """Refuse a line where a point is meant, and the other way round."""
        meant = self.kinds.shapes[row["type"]]
        if meant != "any" and (meant == "line") != bool(row["extent"]):
            yield Rejected(WRONG_SHAPE[meant])

    def street(self, path: str | None) -> str:
        """Say an area as its names from the district down."""
        codes = (path or "").split("/")[1:-1]
        above = [f"/{'/'.join(codes[:depth])}/" for depth in range(CITY_DEPTH, len(codes) + 1)]
        return "".join(self.placer.names.get(one, "") for one in above)

    def ratings(self, row: dict[str, Any], refused: list[Refused]) -> str:
        """Give the ratings of one asset by the year that stands in each heading."""
        told = {}
        for column, value in json.loads(row.get(RATINGS) or "{}").items():
            if len(value) > LONGEST_RATING:
                reason = Rejected("A rating has at most {most} characters.", most=LONGEST_RATING)
                refused.append(Refused(row["line"], reason, column, value))
            if value.strip():
                told[year_of(column)] = value.strip()
        return json.dumps(told, ensure_ascii=False)


def plain(value: object) -> object:
    """Give a value of a file as a field reads it: a moment is a day here."""
    return value.date().isoformat() if isinstance(value, datetime) else value


def alien(code: str) -> object:
    """Refuse a value for a field that this kind does not have."""
    raise Rejected("This kind of asset has no {name}. Leave the cell empty.", name=code)


@cache
def year_of(column: str) -> str:
    """Give the year in a heading, or say that there is none."""
    found = YEAR.search(column)
    if found is None:
        raise Rejected(
            "The heading {column} names no year. Ratings need one each, such as 2023.",
            column=column,
        )
    return found[0]
