"""What lies where, as the engine asks for it: each link by its rule."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Subquery
from sqlalchemy.orm import Session

from gis import flow
from gis.flow import Flow
from rescue_app.chains import repository, rivers
from rescue_app.chains.isolation import Cuts
from rescue_app.chains.rules import Met, OnRiver, Thing, reached_on
from rescue_app.chains.table import Kind, Link, Table


@dataclass(frozen=True, slots=True)
class Looking:
    """The database through the asker's eyes."""

    session: Session
    rules: Table
    cuts: Cuts

    def look(self, link: Link, sources: Sequence[Thing]) -> Iterable[Met]:
        """Give what a link leads to from these."""
        if link.rule == "network":
            return self.cuts.look(link, sources)
        kind, within_m = self.rules.kind(link.to), link.within_m or 0.0
        target = self._target(kind)
        if target is None:
            return ()
        if link.rule == "river":
            return self._along(link, target, sources)
        return repository.near(self.session, target, sources, within_m=within_m, kind=kind.code)

    def _along(self, link: Link, target: Subquery, sources: Sequence[Thing]) -> Iterator[Met]:
        within_m, along_m = link.within_m or 0.0, link.along_m or 0.0
        courses = rivers.courses(self.session, sources, along_m=along_m)
        spots = {one.key: one.spot for one in sources}
        found = rivers.along(self.session, target, sources, within_m=within_m,
                                 along_m=along_m, kind=link.to)  # fmt: skip
        for met in found:
            known = courses.get(met.source, {})
            # Heights are measured; how a line is drawn is the weaker ground of the two.
            by = next((one for one in (Flow.DRAWN, Flow.HEIGHTS) if one in known), Flow.UNKNOWN)
            lines = [line for several in known.values() for line in several]
            side = flow.side(lines, place=spots[met.source], spot=met.thing.spot)
            if reached_on(link, side):
                yield replace(met, on_river=OnRiver(side, by))

    def _target(self, kind: Kind) -> Subquery | None:
        if kind.points:
            return repository.points(kind)
        if kind.assets:
            return repository.assets(kind)
        if kind.water:
            return rivers.water(kind)
        if kind.settlements:
            return repository.settlements(seen_by=self.cuts.seen_by, on=self.cuts.on)
        return None
