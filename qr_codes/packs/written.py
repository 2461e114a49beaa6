"""How what a pack carries is written down in it: pure."""

from typing import Any

from shapely.geometry.base import BaseGeometry

from hazards.checklists.rules import Item
from qr_codes.packs.carried import (
    Alarm,
    Asked,
    Carried,
    Closed,
    Link,
    Moment,
    Named,
    Plan,
    Rung,
    Store,
    ToVerify,
    Warned,
)

DIGITS = 6  # a tenth of a metre


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
        "required": item.required,
    } | limits


def moment(one: Moment) -> dict[str, Any]:
    """Write down a mode with its age."""
    return {"now": one.mode, "since": one.since.isoformat() if one.since else None}


def rung(one: Rung) -> dict[str, Any]:
    """Write down one number of a chain."""
    said = {"kind": one.kind, "name": one.name, "post": one.post}
    return said | {"unit": one.unit, "phone": one.phone}


def closed(one: Closed) -> dict[str, Any]:
    """Write down a closure."""
    until = one.expected_at.isoformat() if one.expected_at else None
    said = {"unit": one.unit, "reason": one.reason}
    return said | {"closed_at": one.closed_at.isoformat(), "expected_at": until}


def plan(one: Plan) -> dict[str, Any]:
    """Write down how traffic is led."""
    detour = lines_of(one.detour) if one.detour is not None else []
    said = {"version": one.version, "stops": list(one.stops), "detour": detour}
    return said | {"words": one.words, "closer": one.closer, "phone": one.closer_phone}


def link(one: Link) -> dict[str, Any]:
    """Write down what another asset is to this one."""
    said: dict[str, Any] = {"zh": one.said_zh, "en": one.said_en, "name": one.name}
    return said | {"owner": one.owner_unit, "phone": one.owner_phone, "closed": one.is_closed}


def to_verify(one: ToVerify) -> dict[str, Any]:
    """Write down what waits to be verified on site."""
    said: dict[str, Any] = {"id": str(one.finding_id), "code": one.code, "grade": one.grade}
    return said | {"zh": one.text_zh, "en": one.text_en}


def warned(one: Warned) -> dict[str, Any]:
    """Write down the warnings in force, the gravest first."""
    return {"path": one.path, "state": one.state, "all": [alarm(each) for each in one.warnings]}


def alarm(one: Alarm) -> dict[str, Any]:
    """Write down one warning in both languages."""
    told = one.told
    said: dict[str, Any] = {"colour": told.colour, "drill": told.is_drill, "codes": one.codes}
    said |= {"zh": told.headline_zh, "en": told.headline_en}
    said["do"] = {"zh": told.instruction_zh, "en": told.instruction_en}
    return said | {"from": told.onset_at.isoformat(), "until": told.expires_at.isoformat()}


def store(one: Store) -> dict[str, Any]:
    """Write down a store."""
    said: dict[str, Any] = {"name": one.name, "address": one.address, "keeper": one.keeper}
    said |= {"phone": one.keeper_phone, "synthetic": one.synthetic}
    return said | {
        "lon": round(one.lon, DIGITS),
        "lat": round(one.lat, DIGITS),
        "stock": dict(one.stock),
    }
