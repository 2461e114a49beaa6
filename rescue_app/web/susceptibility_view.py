"""What the pages of a susceptibility map show: factors and classes in a planner's words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.placing import day_of
from gis.authority import Act, Actor, may
from hazards.evidence.models import EvidenceSearch
from hazards.susceptibility import removing, repository
from hazards.susceptibility.rules import FEWEST_CELLS_HIT, FOLDS
from rescue_app.web.render import say

Facts = dict[str, Any]
NAMES = {
    "elevation": "Elevation", "slope": "Slope", "aspect": "Aspect", "curvature": "Curvature",
    "river": "Distance to a river", "road": "Distance to a road", "fault": "Distance to a fault",
    "rain": "Rain",
}  # fmt: skip
SAID = {
    "elevation": ("up to {high} m high", "{low}–{high} m high", "over {low} m high"),
    "slope": ("slope up to {high}°", "slope {low}–{high}°", "slope over {low}°"),
    "rain": ("rain up to {high}", "rain {low}–{high}", "rain over {low}"),
    "river": ("within {high} m of a river", "{low}–{high} m from a river",
              "over {low} m from a river"),
    "road": ("within {high} m of a road", "{low}–{high} m from a road",
             "over {low} m from a road"),
    "fault": ("within {high} m of a fault", "{low}–{high} m from a fault",
              "over {low} m from a fault"),
    "curvature": ("hollow ground", "even ground", "bulging ground"),
}  # fmt: skip
FACING = (
    "flat ground", "facing north", "facing north-east", "facing east", "facing south-east",
    "facing south", "facing south-west", "facing west", "facing north-west",
)  # fmt: skip


def ground_facts(db: Session, who: Actor, now: datetime) -> Facts:
    """Give the ground that maps use, the newest first, and what was removed."""
    layers = repository.layers(db)
    mine = {one.id for one in layers if may(who, Act.EDIT_POINT, one.area_path)}
    kept = {one.id for one in layers if removing.is_kept(one, now=now)}
    return {
        "layers": [one for one in layers if one.removed_at is None],
        "removed": [one for one in layers if one.removed_at is not None],
        "mine": mine, "kept": kept & mine,
    }  # fmt: skip


def number(value: float) -> str:
    """Write a figure without what says nothing."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


def class_name(request: Request, said: Facts) -> str:
    """Name a class of a factor as a planner would."""
    if said["factor"] == "aspect":
        return say(request, FACING[said["code"]])
    lowest, between, highest = SAID[said["factor"]]
    low, high = said["low"], said["high"]
    text = lowest if low is None else highest if high is None else between
    ends = {"low": low, "high": high}
    return say(request, text, **{n: number(v) for n, v in ends.items() if v is not None})


def ground(request: Request, classes: Iterable[Facts]) -> str:
    """Name several classes in one breath."""
    return say(request, ", ").join(class_name(request, one) for one in classes)


def map_facts(
    request: Request, db: Session, actor: Actor, made: EvidenceSearch, now: datetime
) -> Facts:
    """Give what the page of one map shows."""
    result = made.result
    here = areas.by_path(db, made.area_path, day_of(now))
    facts: Facts = {
        "run": made, "result": result, "here": here, "actor_path": actor.area_path,
        "fewest": FEWEST_CELLS_HIT, "folds": FOLDS, "names": names(request),
        "brought": repository.of_maps(db, made),
        "named_missing": say(request, ", ").join(names(request)[one] for one in result["missing"]),
        "bounds": list(here.boundary.bounds) if here and here.boundary else None,
    }  # fmt: skip
    if result["outcome"] != "mapped":
        return facts
    told = [
        (ground(request, line["classes"]), line["ratio"], line["records"])
        for line in result["together"]
    ]
    factors = [factor_facts(request, one) for one in result["factors"]]
    return facts | {"together": told, "factors": factors, "curve": curve(result["curve"])}


def factor_facts(request: Request, factor: Facts) -> Facts:
    """Give a factor's classes with their names."""
    lines = [
        {**line, "name": class_name(request, {"factor": factor["factor"], **line})}
        for line in factor["classes"]
    ]
    return {**factor, "lines": lines, "name": names(request)[factor["factor"]]}


def names(request: Request) -> dict[str, str]:
    """Give the factors' names."""
    return {code: say(request, name) for code, name in NAMES.items()}


def curve(spots: list[list[float]]) -> str:
    """Give the curve as the corners of a line in a square of 100."""
    return " ".join(f"{100 * wrong:.1f},{100 - 100 * right:.1f}" for wrong, right in spots)
