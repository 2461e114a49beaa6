"""What lies where, as the engine asks for it: each link by its rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery
from sqlalchemy.orm import Session

from rescue_app.chains import repository
from rescue_app.chains.isolation import Cuts
from rescue_app.chains.rules import Met, Thing
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
            along_m = link.along_m or 0.0
            return repository.along(self.session, target, sources, within_m=within_m,
                                    along_m=along_m, kind=kind.code)  # fmt: skip
        return repository.near(self.session, target, sources, within_m=within_m, kind=kind.code)

    def _target(self, kind: Kind) -> Subquery | None:
        if kind.points:
            return repository.points(kind)
        if kind.assets:
            return repository.assets(kind)
        if kind.water:
            return repository.water(kind)
        if kind.settlements:
            return repository.settlements(seen_by=self.cuts.seen_by, on=self.cuts.on)
        return None
