"""A chain in words and figures, with whom to tell: what pages show and what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from hazards.calls.program import as_program
from hazards.duty.owners import Owners
from hazards.duty.responsibility import Matter, Owner
from rescue_app.chains.rules import Chain, Rain, Step, Thing, in_spans
from rescue_app.chains.starting import Begun
from rescue_app.chains.table import Table

Content = dict[str, Any]
SIMPLER_DEG = 0.0001


@dataclass(frozen=True, slots=True)
class Facts:
    """What a chain was worked out with."""

    edition: int
    table: Table
    rain: Rain | None
    begun: Begun
    made_at: datetime
    graph: str
    off_graph: Sequence[str]


def content(session: Session, chain: Chain, facts: Facts, *, by: Actor, on: date) -> Content:
    """Say all of it: the steps in order, whom they reach, whom to tell, and what it rests on."""
    table, begun = facts.table, facts.begun
    told = _told(session, chain.steps, by=by, on=on)
    return {
        "title": begun.title,
        "title_en": begun.title_en,
        "edition": facts.edition,
        "table": table.name.model_dump() | {"day": table.day.isoformat()},
        "made_at": facts.made_at.isoformat(),
        "rain": facts.rain and {"mm": facts.rain.mm, "hours": facts.rain.hours},
        "graph": facts.graph,
        "off_graph": list(facts.off_graph),
        "cut": {"starts": begun.cut, "depth": chain.cut_depth, "number": chain.cut_number},
        "ground": begun.ground and _geojson(begun.ground),
        "starts": [_thing(table, one) for one in begun.starts],
        "steps": [_step(table, one) for one in chain.steps],
        "sums": _sums(table, chain),
        "told": told,
    }


def for_reader(said: Content, reader: Actor) -> Content:
    """Leave out the numbers of people for whoever neither commands, plans nor goes out."""
    hidden = {"phone": ""} if reader.role is Role.OBSERVER else {}
    return said | {"told": [_spanned(one) | hidden for one in said["told"]]}


def _spanned(one: Content) -> Content:
    """Write the steps short; chains kept earlier do not tell those without an owner apart."""
    steps = one["steps"]
    unowned = one["unowned"] if "unowned" in one else steps if one["why"] else []
    return one | {"spans": in_spans(steps), "unowned_spans": in_spans(unowned)}


def _thing(table: Table, one: Thing) -> Content:
    kind = table.kind(one.kind)
    return {
        "key": one.key, "kind": one.kind, "kind_name": kind.name.model_dump(), "name": one.name,
        "name_en": one.name_en, "lon": one.spot.x, "lat": one.spot.y, "people": one.people,
        "frail": one.frail, "area_path": one.area_path,
    }  # fmt: skip


def _step(table: Table, step: Step) -> Content:
    road = step.by_road
    return _thing(table, step.thing) | {
        "number": step.number,
        "depth": step.depth,
        "link": step.link,
        "relation": step.relation.model_dump(),
        "why": step.why.model_dump(),
        "distance_m": round(step.distance_m),
        "from": {"key": step.source.key, "name": step.source.name, "name_en": step.source.name_en,
                 "lon": step.source.spot.x, "lat": step.source.spot.y},
        "shape": None if step.thing.shape.geom_type == "Point" else _geojson(step.thing.shape),
        "side": str(step.side),
        "by_road": road and {"cut_off": road.cut_off, "before_min": road.before_min,
                             "after_min": road.after_min},
    }  # fmt: skip


def _geojson(shape: BaseGeometry) -> Any:
    return mapping(shape.simplify(SIMPLER_DEG))


def _sums(table: Table, chain: Chain) -> Content:
    """Each thing once; who is threatened at points and who lives in settlements are told apart."""
    things = {(one.key): one for one in (*chain.starts, *(s.thing for s in chain.steps))}
    points = [one for one in things.values() if table.kind(one.kind).points]
    homes = [one for one in things.values() if table.kind(one.kind).settlements]
    return {
        "steps": len(chain.steps),
        "points": len(points),
        "threatened": sum(one.people or 0 for one in points),
        "threatened_frail": sum(one.frail or 0 for one in points),
        "settlements": len(homes),
        "cut_off": sum(bool(one.by_road and one.by_road.cut_off) for one in chain.steps),
        "residents": sum(one.people or 0 for one in homes),
        "residents_unknown": sum(one.people is None for one in homes),
        "frail": sum(one.frail or 0 for one in homes),
        "assets": sum(bool(table.kind(one.kind).assets) for one in things.values()),
    }


def _told(session: Session, steps: Sequence[Step], *, by: Actor, on: date) -> list[Content]:
    """Name who has to be told: each person once, with the steps that are his."""
    owners = Owners(session, on)
    told: dict[tuple[str, ...], Content] = {}
    with as_program(session):  # whom to call is often above one's own area
        for step in steps:
            place = step.thing.area_path or step.source.area_path or by.area_path
            matter = Matter(step.matter or ("any",), step.thing.category)
            owner = owners.of_matter(matter, area_path=place)
            add(told, _owner(owner), step.number)
    return list(told.values())


def add(told: dict[tuple[str, ...], Content], owner: Content, number: int) -> None:
    """Give a step to whom it belongs; whoever acts for several units is called once."""
    key = (owner["name"] or owner["unit"], owner["phone"])
    entry = told.setdefault(key, owner | {"steps": [], "unowned": []})
    entry["steps"].append(number)
    if owner["why"]:
        entry["why"] = entry["why"] or owner["why"]
        entry["unowned"].append(number)


def _owner(owner: Owner) -> Content:
    acting, unit = owner.acting, owner.acting_unit or owner.unit
    return {
        "unit": unit.name if unit else (owner.line.lead if owner.line else ""),
        "unit_en": unit.name_en if unit else "",
        "name": acting.name if acting else "",
        "post": acting.post if acting else "",
        "phone": (acting.phone if acting else "") or (unit.phone if unit else ""),
        "why": str(owner.why) if owner.why else "",
    }
