"""Points as a GeoJSON collection, written by the database and passed on untouched."""

from functools import lru_cache, partial

from sqlalchemy import Text, cast, func, literal_column, select, text

from gis.tiles import Drawing, drawing
from hazards.points.filters import PointFilter, Sort, order
from hazards.points.repository import chosen, items

KEPT_QUESTIONS = 100

FEATURE = """concat(
'{"type":"Feature","id":"', id, '","geometry":', shape, ',"properties":{"number":',
to_json(number), ',"name":', to_json(name), ',"category":"', category, '","evidence":"', evidence,
'","hazard_type":', to_json(hazard_type), ',"grade":"', grade, '","state":"', state,
'","threatened_persons":', coalesce(threatened_persons::text, 'null'),
',"area_path":', to_json(area_path), ',"synthetic":', to_json(synthetic), ',"version":', version,
'}}')"""
"""Written column by column: as one row each it takes a quarter longer. Words that
a CHECK holds need no quoting."""


@lru_cache(KEPT_QUESTIONS)
def collection(asked: PointFilter, sort: Sort, *, limit: int) -> Drawing:
    """Write the first points that a filter means.

    How many match is said where it is known: counting the others takes longer than giving these.
    """
    of, by = asked.entries(), partial(order, sort)
    shape = func.ST_AsGeoJSON(of.place, 6).label("shape")
    rows = chosen(asked, of, [*items(of), shape]).order_by(*by(of)).limit(limit)
    if asked.as_of is None:  # found out of the order's index alone, then read
        ids = chosen(asked, of, [of.id]).order_by(*by(of)).limit(limit).correlate(None)
        found = of.id == func.any(func.array(ids.scalar_subquery()))
        rows = select(*items(of), shape).where(found).order_by(*by(of))
    returned = cast(func.count(), Text)
    matched = f"CASE WHEN count(*) < {limit:d} THEN ',\"numberMatched\":' || count(*) END"
    features = func.string_agg(literal_column(FEATURE), text("','"))
    said = func.concat(
        '{"type":"FeatureCollection","numberReturned":',
        returned,
        literal_column(matched),
        ',"features":[',
        features,
        "]}",
    )
    return drawing(select(said).select_from(rows.subquery("item")))
