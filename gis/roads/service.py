"""Bring a road graph in: lines of any file, or a list of edges with the nodes beside it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis import crs as systems
from gis import geometry
from gis.areas.incoming import check_columns, coordinate_system
from gis.errors import PlatformError, Rejected
from gis.exchange.table import Refused, Table
from gis.roads import repository, rules
from gis.roads.models import RoadGraph
from gis.roads.rules import Graph, Road
from gis.store import audit
from gis.store.base import WGS84

LINES = frozenset({"LineString", "MultiLineString"})


@dataclass(frozen=True, slots=True)
class Terms:
    """Who says so, which columns say what, and how fast each kind of road is driven."""

    source: str
    speeds: Mapping[str, float]
    kind: str | None = None
    oneway: str | None = None
    length: str | None = None
    ends: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a file holds, and whether it is the graph that is there already."""

    nodes: int
    edges: int
    km: float
    same: bool
    refused: tuple[Refused, ...]
    notes: tuple[PlatformError, ...]


def bring_in(
    session: Session,
    table: Table,
    terms: Terms,
    *,
    nodes: Mapping[str, tuple[float, float]] | None = None,
    now: datetime,
    apply: bool,
    step: Callable[[int], None] = lambda _: None,
) -> Report:
    """Let the city's road graph be what a file says, in the SYSTEM scope; twice changes nothing."""
    wanted = (terms.kind, terms.oneway, terms.length, *(terms.ends or ()))
    check_columns(table, wanted, shapes=nodes is None)
    crs, notes = ("EPSG:4326", ()) if nodes is not None else coordinate_system(table)
    refused = list(table.refused)
    roads: list[Road] = []
    for line, row in zip(table.lines.tolist(), table.records(), strict=True):
        step(1)
        try:
            roads.append(road(row, terms, nodes, crs=crs))
        except Rejected as reason:
            refused.append(Refused(line=line, reason=reason))
    made = rules.graph([one.line for one in roads])
    metres = lengths(made, roads)
    edges = list(rows_of(made, roads, metres))
    digest = hashlib.sha256(repr(edges).encode()).hexdigest()[:32]
    held = repository.graph(session)
    same = held is not None and (held.digest, held.source) == (digest, terms.source)
    km = float(metres.sum()) / 1000
    if apply and not same:
        facts = {"source": terms.source, "nodes": len(made.nodes), "edges": len(edges)}
        points = wkb(shapely.points(made.nodes))
        repository.replace(
            session,
            RoadGraph(**facts, digest=digest, km=km, imported_at=now),
            ((n, point) for n, point in enumerate(points, start=1)),
            edges,
        )
        audit.record(session, act="roads.imported", subject=None, area_path="/", **facts)
    return Report(len(made.nodes), len(edges), km, same, tuple(refused), (*table.notes, *notes))


def road(
    row: Mapping[str, Any],
    terms: Terms,
    nodes: Mapping[str, tuple[float, float]] | None,
    *,
    crs: str,
) -> Road:
    """Read one line of the file."""
    if nodes is not None and terms.ends is not None:
        line = between(row, terms.ends, nodes)
    else:
        line = geometry.checked(row["geometry"], crs=crs)
    if line.geom_type not in LINES:
        raise Rejected("A road is a line, this is a {kind}.", kind=line.geom_type)
    kind = str(row.get(terms.kind) or "") if terms.kind else ""
    forth, back = rules.ways(str(row.get(terms.oneway) or "") if terms.oneway else "")
    length = number(row, terms.length) if terms.length else None
    return Road(line, rules.speed(kind, terms.speeds), forth, back, length)


def between(
    row: Mapping[str, Any], ends: tuple[str, str], nodes: Mapping[str, tuple[float, float]]
) -> BaseGeometry:
    """Draw an edge straight between its two nodes."""
    names = [str(row.get(end) or "").strip() for end in ends]
    for name in names:
        if name not in nodes:
            raise Rejected("There is no node {name} in the list of nodes.", name=name or "—")
    return shapely.LineString([nodes[name] for name in names])


def number(row: Mapping[str, Any], column: str) -> float | None:
    """Read a length in metres; an empty cell is measured instead."""
    said = str(row.get(column) or "").strip()
    try:
        metres = float(said) if said else None
    except ValueError:
        raise Rejected("This is no number: {entered}", entered=said) from None
    if metres is not None and not 0 < metres < 1_000_000:
        raise Rejected("This is no length of a road in metres: {entered}", entered=said)
    return metres


def lengths(made: Graph, roads: list[Road]) -> NDArray[np.float64]:
    """Give the metres of each piece: as the file says, shared out among its pieces, or measured."""
    drawn = np.fromiter((systems.length_m(line) for line in made.lines), np.float64)
    whole = np.bincount(made.roads, weights=drawn, minlength=len(roads))
    said = np.array([np.nan if one.length_m is None else one.length_m for one in roads])
    scale = np.divide(said, whole, out=np.ones_like(whole), where=(whole > 0) & ~np.isnan(said))
    metres: NDArray[np.float64] = drawn * scale[made.roads]
    return metres


def rows_of(
    made: Graph, roads: list[Road], metres: NDArray[np.float64]
) -> Iterator[tuple[Any, ...]]:
    """Give the edges as the table wants them."""
    shapes = wkb(made.lines)
    for n, (shape, ends, of, length) in enumerate(
        zip(shapes, made.ends.tolist(), made.roads.tolist(), metres.tolist(), strict=True), start=1
    ):
        one = roads[of]
        seconds = length / one.kmh * 3.6
        forth, back = (seconds if one.forth else -1.0), (seconds if one.back else -1.0)
        yield n, *ends, shape, length, forth, back


def wkb(shapes: Any) -> Any:
    """Give shapes, an array of them, as COPY takes them."""
    return shapely.to_wkb(shapely.set_srid(shapes, WGS84), hex=True, include_srid=True)
