"""SQL of water: what lies along the river that is dammed, and which way it runs."""

from collections.abc import Iterator, Sequence

import shapely
from geoalchemy2 import Geography, Geometry
from shapely.geometry.base import BaseGeometry
from sqlalchemy import LargeBinary, Subquery, Text, Uuid, case, cast, column, func, select, table
from sqlalchemy.orm import Session

from gis.flow import Flow
from gis.store.base import WGS84
from hazards.checklists.files import Words
from rescue_app.chains.repository import EMPTY, NARROW_M, NOBODY, met, told
from rescue_app.chains.rules import Met, Thing
from rescue_app.chains.table import Kind

NAMELESS = Words(zh="无名河流", en="a river without a name")
# By its name: the module that brings water in reads files, which no server needs.
WATER = table(
    "water", column("id", Uuid), column("name", Text), column("name_en", Text),
    column("shape", Geometry(srid=WGS84)), column("flow", Text),
)  # fmt: skip


def water(_: Kind) -> Subquery:
    """Give rivers and lakes."""
    of = WATER.c
    query = select(
        cast(of.id, Text).label("id"),
        case((of.name == "", NAMELESS.zh), else_=of.name).label("name"),
        case((of.name == "", NAMELESS.en), else_=of.name_en).label("name_en"),
        EMPTY.label("area_path"), of.shape.label("shape"), NOBODY.label("people"),
        NOBODY.label("frail"), EMPTY.label("matter"), EMPTY.label("category"),
    )  # fmt: skip
    return query.subquery("target")


def _pieces(sources: Sequence[Thing], *, along_m: float) -> Subquery:
    """Give the water that each source stands at, and what has the same name within reach."""
    of = told(sources, [one.spot for one in sources])
    own_water, same_water = WATER.alias("own"), WATER.alias("same")
    own, same, reach = own_water.c, same_water.c, func.ST_Expand(of.c.shape, along_m / NARROW_M)
    named = (own.name != "") & (same.name == own.name)
    query = (
        select(of.c.id, of.c.shape.label("spot"), reach.label("reach"), same.shape, same.flow)
        .join(own_water, cast(own.id, Text) == of.c.id)
        .join(same_water, same.shape.bool_op("&&")(reach) & ((same.id == own.id) | named))
    )
    return query.subquery("piece")


def along(session: Session, target: Subquery, sources: Sequence[Thing], *, within_m: float,
          along_m: float, kind: str) -> Iterator[Met]:  # fmt: skip
    """Give what lies at the same river, at most so far from where it is blocked."""
    pieces = _pieces(sources, along_m=along_m)
    clipped = func.ST_ClipByBox2D(pieces.c.shape, pieces.c.reach)
    rivers = (
        select(pieces.c.id, pieces.c.spot, func.ST_Collect(clipped).label("shape"))
        .group_by(pieces.c.id, pieces.c.spot)
        .subquery("river")
    )
    shape, river = target.c.shape, rivers.c.shape
    metres = func.ST_Distance(cast(shape, Geography), cast(rivers.c.spot, Geography))
    beside = func.ST_Distance(cast(shape, Geography), cast(river, Geography))
    box = shape.bool_op("&&")(func.ST_Expand(river, within_m / NARROW_M))
    return met(session, target, rivers, kind, box & (beside <= within_m) & (metres <= along_m),
                metres, func.ST_ClosestPoint(shape, river))  # fmt: skip


def courses(
    session: Session, sources: Sequence[Thing], *, along_m: float
) -> dict[str, dict[Flow, list[BaseGeometry]]]:
    """Give the courses of each source's river of which it is known which way they run."""
    of = _pieces(sources, along_m=along_m).c
    query = select(of.id, of.flow, func.ST_AsBinary(of.shape, type_=LargeBinary))
    query = query.where(of.flow != Flow.UNKNOWN)
    found: dict[str, dict[Flow, list[BaseGeometry]]] = {}
    for key, runs, shape in session.execute(query):
        found.setdefault(key, {}).setdefault(Flow(runs), []).append(shapely.from_wkb(bytes(shape)))
    return found
