"""Where a phone says it is."""

from typing import Annotated

from fastapi import Depends, Query
from shapely import Point

from gis import geometry


def here_of(
    lon: Annotated[float | None, Query()] = None, lat: Annotated[float | None, Query()] = None
) -> Point | None:
    """Give the place, if the phone told both halves of it."""
    return None if lon is None or lat is None else geometry.point(lon, lat)


Here = Annotated[Point | None, Depends(here_of)]
