"""Who is cut off, and who drives around: on the road graph where there is one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid5

from shapely import MultiPoint, Point
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.roads import repository as roads
from gis.roads.models import RoadGraph
from gis.store.scope import NO_ONE
from rescue_app.chains import repository
from rescue_app.chains.rules import ByRoad, Met, Thing
from rescue_app.chains.table import Link

REACH_M = 20_000.0
"""Settlements farther from every cut are not asked about."""

LONGER_MIN = 1.0
"""A way that is less longer than this is no news."""

DISTRICT_PARTS = 2


def graph(session: Session) -> RoadGraph | None:
    """Give the road graph, where the database can find ways on it."""
    return roads.graph(session) if roads.routes(session) else None


@dataclass(slots=True)
class Cuts:
    """The cuts of one chain, together: a later one counts with the earlier ones."""

    session: Session
    seen_by: str
    on: date
    by_graph: bool
    off_graph: dict[str, str] = field(default_factory=dict)
    """Cuts that lie on no road of the graph, by key their names."""

    def look(self, link: Link, sources: Sequence[Thing]) -> Iterator[Met]:
        """Give the settlements that lose their way out, or drive around."""
        mine = [_at_spot(one) for one in sources if one.kind == link.from_]
        on_road: dict[str, Point] = {}
        if self.by_graph:
            on_road = roads.snapped(self.session, {one.key: one.spot for one in sources})
            self.off_graph |= {one.key: one.name for one in sources if one.key not in on_road}
            yield from self._on_graph(self._first(link, mine, REACH_M, on_road), on_road)
        # Where the graph has no road, a straight line is better than silence.
        elsewhere = {one.key: one.spot for one in mine if one.key not in on_road}
        yield from self._first(link, mine, link.within_m or 0.0, elsewhere).values()

    def _first(
        self, link: Link, cuts: Sequence[Thing], reach_m: float, among: dict[str, Point]
    ) -> dict[str, Met]:
        """Give the settlements within reach, each from the nearest cut."""
        target = repository.settlements(seen_by=self.seen_by, on=self.on)
        chosen = [one for one in cuts if one.key in among]
        first: dict[str, Met] = {}
        if chosen:
            near = repository.near(self.session, target, chosen, within_m=reach_m, kind=link.to)
            for met in near:
                first.setdefault(met.thing.key, met)
        return first

    def _on_graph(self, found: dict[str, Met], on_road: dict[str, Point]) -> Iterator[Met]:
        if not found:
            return
        closed = MultiPoint(list(on_road.values()))
        places = {key: met.thing.spot for key, met in found.items()}
        cut = roads.cut_off(self.session, places, closed=closed)
        before = self._minutes({key: places[key] for key in cut}, None)
        after = self._minutes({key: places[key] for key, gone in cut.items() if not gone}, closed)
        for key, gone in cut.items():
            met, was, now = found[key], before.get(key), after.get(key)
            if gone:
                yield replace(met, by_road=ByRoad(True, was, None))
            elif was is not None and now is not None and now - was >= LONGER_MIN:
                yield replace(met, by_road=ByRoad(False, was, now))

    def _minutes(self, places: dict[str, Point], closed: MultiPoint | None) -> dict[str, float]:
        """Give the minutes of each to the seat of its district."""
        said: dict[str, float] = {}
        for seat, keys in self._by_seat(places).items():
            starts = {_key(key): places[key] for key in keys}
            drives = roads.drives(self.session, starts, seat, closed=closed)
            for key in keys:
                if _key(key) in drives:
                    said[key] = drives[_key(key)].seconds / 60
        return said

    def _by_seat(self, places: dict[str, Point]) -> dict[Point, list[str]]:
        seats: dict[str, Point | None] = {}
        groups: dict[Point, list[str]] = {}
        for key in places:
            codes = key.strip("/").split("/")[:DISTRICT_PARTS]
            path = "/" + "/".join(codes) + "/"
            if path not in seats:
                district = areas.by_path(self.session, path, self.on)
                seats[path] = district.centre if district else None
            seat = seats[path]
            if seat is not None:
                groups.setdefault(seat, []).append(key)
        return groups


def _at_spot(one: Thing) -> Thing:
    """A road is cut where it was met, not along all of it."""
    return Thing(one.key, one.kind, one.name, one.name_en, one.area_path, one.spot, one.spot)


def _key(area_path: str) -> UUID:
    return uuid5(NO_ONE, area_path)
