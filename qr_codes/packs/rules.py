"""What a street's pack says, and until when: pure."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from gis.errors import Rejected
from hazards.checklists.rules import Item

SHORTEST_LIFE = timedelta(hours=12)
KEYS_KNOWN_FOR = timedelta(days=2)
MOST_ASSETS = 20_000
DIGITS = 6  # a tenth of a metre


@dataclass(frozen=True, slots=True)
class Named:
    """A thing of our data with its names in both languages."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Carried:
    """An asset that a pack carries, with the label that holds on it."""

    asset_id: UUID
    code: str
    issue: int
    type_code: str
    name: str
    street: str
    place: BaseGeometry
    owner_unit: str
    owner_phone: str
    worst_open_grade: int | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The list that is asked of a kind of asset, in the version that is in force."""

    code: str
    version: int
    name_zh: str
    name_en: str
    items: Sequence[Item]


def ends_at(made_at: datetime, *, zone: tzinfo) -> datetime:
    """Give the end of the day in the city; whoever begins at night has at least half a day."""
    tomorrow = made_at.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), zone)
    return max(midnight, made_at + SHORTEST_LIFE)


def content(
    *,
    area: Named,
    made_at: datetime,
    zone: tzinfo,
    assets: Sequence[Carried],
    types: Sequence[Named],
    lists: Mapping[str, Asked],
    contacts: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """Put a pack together; a type without a list can be recognised and not inspected."""
    if len(assets) > MOST_ASSETS:
        raise Rejected(
            "This area has {count} labels; a pack carries {most}. Take a smaller area.",
            count=len(assets),
            most=MOST_ASSETS,
        )
    used = {one.type_code for one in assets}
    return {
        "form": 1,
        "area": named(area),
        "made_at": made_at.isoformat(),
        "ends_at": ends_at(made_at, zone=zone).isoformat(),
        "types": {one.code: named(one) for one in types if one.code in used},
        "lists": {kind: asked(one) for kind, one in lists.items() if kind in used},
        "assets": {one.code: carried(one) for one in assets},
        "contacts": [{"name": name, "phone": phone} for name, phone in contacts],
    }


def named(thing: Named) -> dict[str, str]:
    """Write down what something is called."""
    return {"code": thing.code, "zh": thing.name_zh, "en": thing.name_en}


def carried(one: Carried) -> dict[str, Any]:
    """Write down an asset."""
    return {
        "id": str(one.asset_id),
        "issue": one.issue,
        "type": one.type_code,
        "name": one.name,
        "street": one.street,
        "lines": lines_of(one.place),
        "owner": one.owner_unit,
        "phone": one.owner_phone,
        "worst": one.worst_open_grade,
        "synthetic": one.synthetic,
    }


def lines_of(place: BaseGeometry) -> list[list[list[float]]]:
    """Give a shape as lines of (longitude, latitude); a point is a line of one."""
    parts = getattr(place, "geoms", (place,))
    return [[[round(x, DIGITS), round(y, DIGITS)] for x, y, *_ in part.coords] for part in parts]


def asked(one: Asked) -> dict[str, Any]:
    """Write down a list with what makes an answer bad."""
    items = [question(item) for item in one.items]
    said = {"zh": one.name_zh, "en": one.name_en, "items": items}
    return {"code": one.code, "version": one.version} | said


def question(item: Item) -> dict[str, Any]:
    """Write down one thing to look at."""
    choices = [{"value": c.value, "zh": c.zh, "en": c.en, "bad": c.bad} for c in item.choices]
    limits = {"above": item.bad_above, "below": item.bad_below}
    return {
        "code": item.code,
        "kind": item.kind,
        "zh": item.text_zh,
        "en": item.text_en,
        "bad_answer": item.bad_answer,
        "choices": choices,
        "unit": item.unit,
    } | limits


def published(made: Mapping[int, datetime], *, now: datetime) -> frozenset[int]:
    """Give the keys that phones may trust: the newest, and those replaced a short while ago."""
    order = sorted(made, key=lambda key: (made[key], key))
    older = itertools.pairwise(order)
    fresh = {key for key, after in older if now - made[after] < KEYS_KNOWN_FOR}
    return frozenset(fresh | set(order[-1:]))
