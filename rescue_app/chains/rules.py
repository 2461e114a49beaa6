"""From what happened to what comes next, along the chain table: pure.

What lies where is asked of `Look`; the figures that decided stand in each step's sentence.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from shapely import Point
from shapely.geometry.base import BaseGeometry

from gis.flow import Flow, Side
from hazards.checklists.files import Words
from rescue_app.chains.table import Amount, Link, Table

MOST_STEPS = 400
MOST_A_LINK = 100
"""So many by one link at one depth: a hundred slopes must not hide the roads below them."""

MOST_DEPTH = 6
START = "start"


@dataclass(frozen=True, slots=True)
class Rain:
    """A scenario: so much in so many hours."""

    mm: float
    hours: float


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a chain meets, where it is met; people as the ledger or the area has them."""

    key: str
    kind: str
    name: str
    name_en: str
    area_path: str
    shape: BaseGeometry
    spot: Point
    people: int | None = None
    frail: int | None = None
    matter: tuple[str, ...] = ()
    category: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """A thing that a link leads to, from which, how far; how it is cut, on which side it lies."""

    source: str
    thing: Thing
    distance_m: float
    by_road: "ByRoad | None" = None
    on_river: "OnRiver | None" = None


@dataclass(frozen=True, slots=True)
class ByRoad:
    """What the road graph says: cut off, or so many minutes longer."""

    cut_off: bool
    before_min: float | None
    after_min: float | None


@dataclass(frozen=True, slots=True)
class OnRiver:
    """Above or below on the river, and on what that rests."""

    side: Side
    flow: Flow


Look = Callable[[Link, Sequence[Thing]], Iterable[Met]]


@dataclass(frozen=True, slots=True)
class Step:
    """One consequence: what, from what, and why in a sentence of each language."""

    number: int
    depth: int
    link: str
    relation: Words
    thing: Thing
    source: Thing
    distance_m: float
    why: Words
    by_road: ByRoad | None
    matter: tuple[str, ...]
    side: Side


@dataclass(slots=True)
class Chain:
    """The steps in their order; `cut_depth` and `cut_number` say that there would be more."""

    starts: Sequence[Thing]
    steps: list[Step] = field(default_factory=list)
    cut_depth: bool = False
    cut_number: bool = False


def follow(
    table: Table,
    starts: Sequence[Thing],
    look: Look,
    *,
    rain: Rain | None = None,
    most_steps: int = MOST_STEPS,
    most_depth: int = MOST_DEPTH,
    most_a_link: int = MOST_A_LINK,
) -> Chain:
    """Go from link to link, each thing at most once as each kind; the nearest comes first."""
    chain = Chain(starts)
    known: dict[tuple[str, str], Thing] = {(one.kind, one.key): one for one in starts}
    fresh = list(starts)
    for depth in range(1, most_depth + 2):
        reached = list(_reached(table, fresh, list(known.values()), look, rain))
        fresh, by_link = [], Counter[str]()
        for link, met in reached:
            key = (link.to, met.thing.key)
            if key in known:
                continue
            by_link[link.code] += 1
            if by_link[link.code] > most_a_link and depth <= most_depth:
                chain.cut_number = True
                continue
            if depth > most_depth or len(chain.steps) == most_steps:
                chain.cut_depth |= depth > most_depth
                chain.cut_number |= depth <= most_depth
                return chain
            known[key] = met.thing
            fresh.append(met.thing)
            source = known[link.from_, met.source]
            chain.steps.append(_step(len(chain.steps) + 1, depth, link, met, source, rain))
        if not fresh:
            break
    return chain


def _reached(
    table: Table, fresh: Sequence[Thing], known: Sequence[Thing], look: Look, rain: Rain | None
) -> Iterable[tuple[Link, Met]]:
    for link in table.links:
        begin = [one for one in fresh if one.kind == link.from_]
        if not begin or not holds(link, rain):
            continue
        # What is cut off follows from all cuts together, not from the latest one.
        if link.rule == "network":
            cuts = {one.code for one in table.kinds if one.cut}
            begin += [one for one in known if one.kind in cuts and one not in begin]
        found = sorted(look(link, begin), key=worst_first)
        yield from ((link, met) for met in found)


def worst_first(met: Met) -> tuple[float, int, str]:
    """Order what a link leads to: the nearest, then whom it threatens most."""
    return met.distance_m, -(met.thing.people or 0), met.thing.key


def holds(link: Link, rain: Rain | None) -> bool:
    """Tell whether the rain of a scenario is enough; a link without amounts always holds."""
    return not link.rain or (rain is not None and amount_reached(link.rain, rain) is not None)


def amount_reached(amounts: Sequence[Amount], rain: Rain) -> Amount | None:
    """Give the first amount that a scenario is sure to reach.

    Over longer hours it is reached by the whole; over shorter ones only if it would be even when
    all of it fell evenly.
    """
    for one in sorted(amounts, key=lambda amount: amount.hours):
        sure_mm = rain.mm * min(1.0, one.hours / rain.hours)
        if sure_mm >= one.mm:
            return one
    return None


def _step(number: int, depth: int, link: Link, met: Met, source: Thing, rain: Rain | None) -> Step:
    thing = met.thing
    matter = (link.matter,) if link.matter else thing.matter
    why = Words(zh=_why(link, met, source, rain, "zh"), en=_why(link, met, source, rain, "en"))
    side = met.on_river.side if met.on_river else Side.UNKNOWN
    relation = {Side.UP: link.up, Side.DOWN: link.down}.get(side) or link.relation
    return Step(number, depth, link.code, relation, thing, source, met.distance_m, why,
                met.by_road, matter, side)  # fmt: skip


def reached_on(link: Link, side: Side) -> bool:
    """Tell whether a link reaches that side of a river; where it is not known, it may."""
    other = {Side.UP: link.down, Side.DOWN: link.up}.get(side)
    own = {Side.UP: link.up, Side.DOWN: link.down}.get(side)
    return own is not None or other is None


def _why(link: Link, met: Met, source: Thing, rain: Rain | None, locale: str) -> str:
    chinese = locale == "zh"
    names = {
        place: one.name if chinese or not one.name_en else one.name_en
        for place, one in (("from", source), ("to", met.thing))
    }
    figures = {
        "distance": f"{met.distance_m:,.0f}",
        "within": f"{link.within_m or 0:,.0f}",
        "along": f"{link.along_m or 0:,.0f}",
        "rain": _of_rain(link, rain, chinese=chinese),
        "side": _of_side(met.on_river, chinese=chinese),
    }
    said = (link.why.zh if chinese else link.why.en).format(**names, **figures)
    more = _by_road(link, met, chinese=chinese) if link.rule == "network" else ""
    return said + more + ("。" if chinese else ".")


def _of_rain(link: Link, rain: Rain | None, *, chinese: bool) -> str:
    amount = amount_reached(link.rain, rain) if rain else None
    if rain is None or amount is None:
        return ""
    had, least = (f"{one.mm:g} mm / {one.hours:g} h" for one in (rain, amount))
    return f"{had}，达到假定阈值 {least}" if chinese else f"{had} reaches the assumed {least}"


SIDES = {
    (Side.UP, True): "在堵点上游",
    (Side.DOWN, True): "在堵点下游",
    (Side.UP, False): "above the dam on the river",
    (Side.DOWN, False): "below the dam on the river",
}
FLOWS = {
    (Flow.DRAWN, True): "假定河流数据按流向绘制",
    (Flow.HEIGHTS, True): "按高程数据判断流向",
    (Flow.DRAWN, False): "assuming that the river is drawn the way it runs",
    (Flow.HEIGHTS, False): "by heights of the ground",
}


def _of_side(at: OnRiver | None, *, chinese: bool) -> str:
    if at is None or not at.side:
        both = "the data do not say which way it flows, so both sides are listed"
        return "资料不含流向，上下游都列出" if chinese else both
    where, ground = SIDES[at.side, chinese], FLOWS[at.flow, chinese]
    return f"{where}（{ground}）" if chinese else f"{where} ({ground})"


def _by_road(link: Link, met: Met, *, chinese: bool) -> str:
    name = met.thing.name if chinese or not met.thing.name_en else met.thing.name_en
    within, away = f"{link.within_m or 0:,.0f}", f"{met.distance_m:,.0f}"
    road = met.by_road
    if road is None and chinese:
        return f"；{name}直线距离 {away} 米，不超过 {within} 米。这里没有路网，按直线估计，可能断路"
    if road is None:
        far = f"{away} m away in a straight line, no more than {within} m"
        return f"; {name} is {far}. There is no road graph here: it may be cut off"
    if road.cut_off:
        no_way = "has no way left to the rest of the road graph"
        return f"；按路网，{name}再没有通往外界的路" if chinese else f"; {name} {no_way}"
    before, after = (f"{minutes or 0:,.0f}" for minutes in (road.before_min, road.after_min))
    if chinese:
        return f"；按路网，{name}须绕行，车程由 {before} 分钟增至 {after} 分钟"
    return f"; {name} drives around: {after} minutes instead of {before}"


def in_spans(numbers: Sequence[int]) -> str:
    """Write numbers short: 1–4, 7."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return ", ".join("–".join(str(end) for end in span) for span in spans)
