"""SQL of susceptibility: ground that was brought in, lines in reach, and the classes of a map."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from geoalchemy2 import Geometry
from geoalchemy2 import functions as geo
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Uuid, column, delete, exists, func, insert, or_, select, table
from sqlalchemy.orm import Session, defer

from gis.errors import Missing
from gis.roads.models import RoadEdge, RoadGraph
from gis.store.base import WGS84, new_id
from gis.store.files import StoredFile
from hazards.evidence.models import EvidenceSearch
from hazards.susceptibility.models import GroundLayer, SusceptibilityZone
from hazards.susceptibility.rules import METHOD, Kind

APPROXIMATE = "WDBII"
"""Rivers that ship with the program: drawn for world maps, up to 2.7 km off. Not measured to."""
FILE_KIND = "ground_layer"
"""Under this kind the file of a raster is kept, with the layer as what it belongs to."""
# By its name: the module that brings water in reads files.
WATER = table(
    "water", column("id", Uuid), column("shape", Geometry(srid=WGS84)), column("source")
)  # fmt: skip


def shapes(
    session: Session, of: Any, box: Polygon, *where: ColumnElement[bool]
) -> list[BaseGeometry]:
    """Give the shapes of a column that reach into a box, always in the same order."""
    inside = of.bool_op("&&")(func.ST_GeomFromText(box.wkt, WGS84))
    query = select(func.ST_AsBinary(of)).where(inside, *where)
    return [shapely.from_wkb(one) for one in sorted(bytes(row) for row in session.scalars(query))]


def newest(session: Session, kind: Kind, box: Polygon) -> GroundLayer | None:
    """Give the layer of a kind that was brought in last and reaches into a box."""
    of = GroundLayer
    query = select(of).options(defer(of.lines)).where(of.kind == kind, of.removed_at.is_(None))
    query = query.where(geo.ST_Intersects(of.extent, func.ST_GeomFromText(box.wkt, WGS84)))
    return session.scalar(query.order_by(of.at.desc(), of.id.desc()).limit(1))


def layers(session: Session, *, limit: int = 50) -> Sequence[GroundLayer]:
    """Give what was brought in, the newest first; what was removed after it."""
    of = GroundLayer
    query = select(of).options(defer(of.lines))
    newest_first = of.removed_at.is_not(None), of.at.desc(), of.id.desc()
    return session.scalars(query.order_by(*newest_first).limit(limit)).all()


def layer(session: Session, layer_id: UUID) -> GroundLayer:
    """Give a layer, removed or not."""
    query = select(GroundLayer).options(defer(GroundLayer.lines)).where(GroundLayer.id == layer_id)
    found = session.scalar(query)
    if found is None:
        raise Missing("There is no such ground. Look at the list again.")
    return found


def removed_before(session: Session, moment: datetime) -> Sequence[GroundLayer]:
    """Give what was removed before a moment and still has its file or its lines."""
    of, file = GroundLayer, StoredFile
    kept = exists().where(file.kind == FILE_KIND, file.ref == of.id)
    query = select(of).options(defer(of.lines)).where(of.removed_at < moment)
    return session.scalars(query.where(or_(of.lines.is_not(None), kept))).all()


def of_maps(session: Session, made: EvidenceSearch) -> dict[str, GroundLayer]:
    """Give the layers that a map was drawn with, by kind; removed ones too."""
    of, sources = GroundLayer, made.vintage["factors"]
    at = {
        kind: datetime.fromisoformat(one["at"]) for kind, one in sources.items() if "at" in one
    }  # fmt: skip
    query = select(of).options(defer(of.lines)).where(of.at.in_(at.values()))
    return {
        row.kind: row
        for row in session.scalars(query)
        if row.at == at.get(row.kind) and row.digest.startswith(sources[row.kind]["digest"])
    }


def within(layer: GroundLayer, box: Polygon) -> list[BaseGeometry]:
    """Give the lines of a layer that reach into a box, whole."""
    return [one for one in shapely.get_parts(layer.lines) if one.intersects(box)]


def waters(session: Session, box: Polygon) -> list[BaseGeometry]:
    """Give the rivers and lakes in a box that somebody surveyed."""
    return shapes(session, WATER.c.shape, box, WATER.c.source != APPROXIMATE)


def roads(session: Session, box: Polygon) -> list[BaseGeometry]:
    """Give the pieces of the road graph in a box."""
    return shapes(session, RoadEdge.line, box)


def road_source(session: Session) -> str:
    """Say who made the road graph."""
    return session.scalar(select(RoadGraph.source)) or ""


def runs(session: Session, *, limit: int = 10) -> Sequence[EvidenceSearch]:
    """Give the last maps, the newest first."""
    of = EvidenceSearch
    query = select(of).where(of.method == METHOD).order_by(of.at.desc(), of.id.desc())
    return session.scalars(query.limit(limit)).all()


def run(session: Session, run_id: UUID) -> EvidenceSearch:
    """Give a map the reader may see."""
    query = select(EvidenceSearch).where(EvidenceSearch.id == run_id)
    found = session.scalar(query.where(EvidenceSearch.method == METHOD))
    if found is None:
        raise Missing("There is no such map, or it lies outside your area.")
    return found


def keep_zones(
    session: Session, made: EvidenceSearch, zones: Sequence[tuple[int, Polygon]]
) -> None:
    """Keep the classes of a map; those of the area's map of the family before are dropped."""
    of, search = SusceptibilityZone, EvidenceSearch
    before = select(search.id).where(
        search.method == METHOD, search.family == made.family,
        search.area_path == made.area_path, search.id != made.id,
    )  # fmt: skip
    session.execute(delete(of).where(of.search_id.in_(before)))
    rows = [
        {"id": new_id(), "search_id": made.id, "area_path": made.area_path, "grade": grade,
         "shape": shape}
        for grade, shape in zones
    ]  # fmt: skip
    if rows:
        session.execute(insert(of), rows)
