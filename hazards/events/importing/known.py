"""Catalogues of the world that are known by their headings: nobody says again what is what."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from gis.exchange.importing import mapping as mappings
from gis.exchange.importing.mapping import FieldMapping, Mapping

CATALOGUES = ("nasa_glc", "dfo_floods", "emdat")
"""Files of `data/mappings`."""


@cache
def catalogues(folder: Path) -> tuple[Mapping, ...]:
    """Give the mappings of the catalogues that are known."""
    return tuple(mappings.load(folder / f"{name}.yaml") for name in CATALOGUES)


def recognised(headings: Iterable[str], known: Sequence[Mapping]) -> Mapping | None:
    """Find the catalogue whose headings a file has; what else it may lack is left out."""
    has = set(headings)
    for mapping in known:
        needed = {mapping.longitude, mapping.latitude, mapping.fields["number"].column}
        named = {name: of for name, of in mapping.fields.items() if heard(of) <= has}
        if needed <= has and len(named) >= len(mapping.fields) - 1:
            kept = {name: pruned(of, has) for name, of in mapping.fields.items()}
            fields = {name: of for name, of in kept.items() if of is not None}
            return mapping.model_copy(update={"fields": fields})
    return None


def heard(field: FieldMapping) -> set[str]:
    """Give the one heading a field comes from; what several make may lack some."""
    return {field.column} if field.column is not None else set()


def pruned(field: FieldMapping, has: set[str]) -> FieldMapping | None:
    """Leave out the headings that the file does not have."""
    if field.columns:
        there = tuple(name for name in field.columns if name in has)
        return field.model_copy(update={"columns": there}) if there else None
    return field if heard(field) <= has else None
