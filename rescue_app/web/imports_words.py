"""How the pages of an import call the fields and codes of a ledger, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from gis.exchange.importing.fields import Field
from hazards.monitoring import properties
from hazards.points import types as hazard_types
from qr_codes.assets import linking, repository
from qr_codes.assets.fields import AssetField, FieldKind, fields_of
from rescue_app import ledgers
from rescue_app.web.render import language, say

Words = dict[str, str]
ANSWERS = {"true": "yes", "false": "no"}
PLAIN = {
    "source": "Source", "number": "Number", "type": "Kind", "name": "Name",
    "owner_unit": "Owner unit", "owner_phone": "Phone of the owner unit",
    "maintainer": "Maintained by", "rank": "Class",
    "built_year": "Built in", "district": "Area it says it is in", "ratings": "Ratings by year",
    "type_code": "Kind",
}  # fmt: skip
RATING, LINK, FACT = "ratings.", "links.", "facts."


def named(request: Request, things: Iterable[Any]) -> Words:
    """Give the names of rows that have a code and two names."""
    chinese = language(request) == "zh"
    return {one.code: one.name_zh if chinese else one.name_en for one in things}


def types(request: Request, db: Session, kind: str) -> Words:
    """Give the names of hazard types or of kinds of assets."""
    if kind != ledgers.ASSETS.code:
        return named(request, hazard_types.all_types(db))
    return named(request, repository.types(db))


def own_fields(db: Session) -> dict[str, AssetField]:
    """Give the fields of all kinds of assets."""
    return {one.code: one for kind in repository.types(db) for one in fields_of(kind.fields)}


def codes(
    request: Request, db: Session, kind: str, fields: Sequence[Field]
) -> dict[str, dict[str, str]]:
    """Give the words of codes; the templates know all others but those of hazard types."""
    if kind != ledgers.ASSETS.code:
        measured = {one.code: one for one in properties.listed(db)}
        return {
            "hazard_type": types(request, db, kind),
            "property": named(request, measured.values()),
        }
    known, lang = own_fields(db), language(request)
    found = {"type": types(request, db, kind)}
    for name in (field.name for field in fields if field.name in known):
        if known[name].kind is FieldKind.YES_NO:
            found[name] = {code: say(request, word) for code, word in ANSWERS.items()}
        elif known[name].choices:
            found[name] = {c.value: c.zh if lang == "zh" else c.en for c in choices(db, name)}
    return found


def choices(db: Session, code: str) -> Iterable[Any]:
    """Give the choices that any kind has for a field."""
    for kind in repository.types(db):
        yield from (c for one in fields_of(kind.fields) if one.code == code for c in one.choices)


def labels(request: Request, db: Session, kind: str, fields: Sequence[Field]) -> Words:
    """Give what the fields of assets are called; of others the templates know it."""
    if kind != ledgers.ASSETS.code:
        return {}
    return asset_labels(request, db) | {
        field.name: say(request, PLAIN[field.name]) for field in fields if field.name in PLAIN
    }


def asset_labels(request: Request, db: Session) -> Words:
    """Give what the fields of kinds and the links are called."""
    lang, own = language(request), own_fields(db)
    said = {code: one.said_in(lang) for code, one in own.items()}
    return said | named(request, linking.relations(db))


def difference(request: Request, db: Session, kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Say what changes of an asset by name, before and after; of others the templates do."""
    if kind != ledgers.ASSETS.code:
        return {}
    names, own = asset_labels(request, db), own_fields(db)
    told: dict[str, list[str]] = {}
    for column, pair in (row["differences"] or {}).items():
        if column.startswith(RATING):
            heading = say(request, "Rating {year}", year=column.removeprefix(RATING))
        else:
            code = column.removeprefix(LINK).removeprefix(FACT)
            heading = names.get(code) or say(request, PLAIN.get(code, code))
        told[heading] = [value(request, db, column, one, own) for one in pair]
    return {"differences": told}


def value(
    request: Request, db: Session, column: str, said: Any, own: Mapping[str, AssetField]
) -> str:
    """Say one value of an asset."""
    if column == "type_code" and said is not None:
        return types(request, db, ledgers.ASSETS.code).get(str(said), str(said))
    code = column.removeprefix(FACT)
    if column.startswith(FACT) and code in own:
        return own[code].shown(said, language(request))
    return "" if said is None else str(said)
