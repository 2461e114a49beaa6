"""Stations on the map: what each measures and how it stands, or how many where they are many.

A silent or stuck station is no hazard and no all-clear: it is told apart from colour and mark.
"""

from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import BigInteger, Text, case, cast, func, literal, select

from gis.tiles import Drawing, Place, Tile, as_layer, counted, drawing, drawn
from hazards.alerts.rules import Colour
from hazards.judging.standing import OF, StationsAsked

FROM_ZOOM = 8
"""From afar the points of danger have the map to themselves."""

MOST_DRAWN = 1_500
"""A tile with more stations is counted at any zoom: nothing dropped, nothing too big."""

KEPT_QUESTIONS = 100
UNKNOWN = "radio-tower"
GRAVEST = tuple(reversed(Colour))


def drawings(where: Tile, asked: StationsAsked) -> Iterator[Drawing]:
    """Give what draws the stations of a square; the first that gives anything is the tile."""
    if where.z >= FROM_ZOOM:
        yield stations_of(asked).at(where)
        yield counts_of(asked).at(where)


@lru_cache(maxsize=KEPT_QUESTIONS)
def stations_of(asked: StationsAsked) -> Drawing:
    """Draw stations with what their picture needs, as of what is asked for; the rest on click."""
    kind = literal(asked.kind, Text) if asked.kind else OF.c.kinds[1]
    icon = OF.c.icons[func.array_position(OF.c.kinds, asked.kind)] if asked.kind else OF.c.icons[1]
    columns = (
        cast(OF.c.id, Text).label("id"),
        func.coalesce(kind, "").label("kind"),
        func.coalesce(icon, UNKNOWN).label("icon"),
        func.coalesce(OF.c.colour, "").label("colour"),
        OF.c.over.label("over"),
        func.coalesce(OF.c.trouble, "").label("trouble"),
    )
    rows = drawn(columns, Place(OF.c.place), asked.conditions())
    return drawing(as_layer(rows, "stations", most=MOST_DRAWN))


@lru_cache(maxsize=KEPT_QUESTIONS)
def counts_of(asked: StationsAsked) -> Drawing:
    """Draw each cell's number of stations, the gravest colour among them, how many are troubled."""
    place, one = Place(OF.c.place), func.count
    sums = (
        select(
            place.cell().label("cell"),
            one().label("points"),
            one().filter(OF.c.trouble.is_not(None)).label("troubled"),
            func.sum(place.across).label("across"),
            func.sum(place.down).label("down"),
            *(one().filter(OF.c.colour == colour.value).label(colour) for colour in Colour),
        )
        .where(*asked.conditions(), place.inside())
        .group_by("cell")
    )
    cells = sums.subquery("cells")
    figures = (
        cast(cells.c.points, BigInteger).label("count"),
        case(*((cells.c[one] > 0, one.value) for one in GRAVEST), else_="").label("worst"),
        cast(cells.c.troubled, BigInteger).label("troubled"),
    )
    return drawing(as_layer(counted(figures, cells), "station-counts"))
