"""Rivers, lakes and reservoirs: the water a map is read by, as somebody's file brought it."""

from collections.abc import Callable
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from gis import flow, geometry
from gis.areas.incoming import check_columns, coordinate_system
from gis.areas.service import CITY_PATH, announce
from gis.errors import PlatformError, Rejected
from gis.exchange.table import Refused, Table
from gis.flow import Flow, HeightAt
from gis.store import audit
from gis.store.base import Record, Shape

SHAPES = frozenset({"Polygon", "MultiPolygon", "LineString", "MultiLineString"})


class Water(Record):
    """One surface or course of water, EPSG:4326; without a name where its source has none.

    Where `flow` says on what that rests, a course is kept the way it runs.
    """

    __tablename__ = "water"

    name: Mapped[str]
    name_en: Mapped[str]
    shape: Mapped[BaseGeometry] = mapped_column(Shape("GEOMETRY"))
    source: Mapped[str]
    flow: Mapped[str] = mapped_column(default=Flow.UNKNOWN, server_default="")


@dataclass(frozen=True, slots=True)
class Terms:
    """Who says so, which columns hold the names, and which way its courses run."""

    source: str
    name: str | None = None
    name_en: str | None = None
    downstream: bool = False
    """Its courses are drawn downstream, as those of OpenStreetMap are."""
    height_at: HeightAt | None = None
    """Else heights of the ground say which way a course runs."""

    def running(self, shape: BaseGeometry) -> tuple[BaseGeometry, Flow]:
        """Give a course the way it runs, and on what that rests."""
        if geometry.polygons(shape):
            return shape, Flow.UNKNOWN
        if self.downstream:
            return shape, Flow.DRAWN
        turned = flow.downhill(shape, self.height_at) if self.height_at else None
        return (shape, Flow.UNKNOWN) if turned is None else (turned, Flow.HEIGHTS)


@dataclass(frozen=True, slots=True)
class Report:
    """What a file changes: its source's water is afterwards what the file says."""

    added: int
    removed: int
    same: int
    running: int
    refused: tuple[Refused, ...]
    notes: tuple[PlatformError, ...]


Said = tuple[str, str, str, bytes]


def bring_in(
    session: Session,
    table: Table,
    terms: Terms,
    *,
    apply: bool,
    step: Callable[[int], None] = lambda _: None,
) -> Report:
    """Let a source's water be what its file says, in the SYSTEM scope; twice changes nothing.

    Raises Rejected for a file without shapes, without the columns named, or of unknown CRS.
    """
    check_columns(table, (terms.name, terms.name_en))
    crs, notes = coordinate_system(table)
    refused = list(table.refused)
    incoming: dict[Said, BaseGeometry] = {}
    for line, row in zip(table.lines.tolist(), table.records(), strict=True):
        step(1)
        try:
            shape, runs = terms.running(surface(row["geometry"], crs=crs))
        except Rejected as reason:
            refused.append(Refused(line=line, reason=reason))
            continue
        name, name_en = (str(row.get(c) or "") if c else "" for c in (terms.name, terms.name_en))
        incoming[name, name_en, runs, shape.wkb] = shape
    there = {
        (row.name, row.name_en, row.flow, row.shape.wkb): row
        for row in session.scalars(select(Water).where(Water.source == terms.source))
    }
    gone, fresh = there.keys() - incoming.keys(), incoming.keys() - there.keys()
    if apply and (gone or fresh):
        replace(session, [there[said] for said in gone], {s: incoming[s] for s in fresh}, terms)
    same = len(incoming) - len(fresh)
    running = sum(bool(said[2]) for said in incoming)
    return Report(len(fresh), len(gone), same, running, tuple(refused), (*table.notes, *notes))


def surface(shape: BaseGeometry | None, *, crs: str) -> BaseGeometry:
    """Give a surface or a course in EPSG:4326, a crossed outline mended or refused."""
    found = geometry.checked(shape, crs=crs)
    if found.geom_type not in SHAPES:
        raise Rejected("Water is a surface or a line, this is a {kind}.", kind=found.geom_type)
    return geometry.boundary(found).shape if geometry.polygons(found) else found


def replace(
    session: Session, gone: list[Water], fresh: dict[Said, BaseGeometry], terms: Terms
) -> None:
    """Write what changed, and tell the audit log and the maps."""
    for row in gone:
        session.delete(row)
    session.add_all(
        Water(name=name, name_en=name_en, shape=shape, source=terms.source, flow=runs)
        for (name, name_en, runs, _), shape in fresh.items()
    )
    counts = {"added": len(fresh), "removed": len(gone)}
    audit.record(
        session, act="water.imported", subject=None, area_path=CITY_PATH,
        source=terms.source, **counts,
    )  # fmt: skip
    announce(session)
