"""Where something lies: the path of the smallest area of a day, for one place or for many."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from shapely import Point
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.areas import repository
from gis.areas.models import Area
from gis.areas.rules import AreaLevel

CITY_ZONE = ZoneInfo("Asia/Shanghai")

# From the smallest level up, and only what no smaller area took: so the city's long outline is
# tested for few points. Areas lead the join: their prepared outlines are used again and again.
PLACE_LEVEL = text("""
    INSERT INTO staged_area (line, path)
    SELECT DISTINCT ON (staged.line) staged.line, area.path
    FROM area JOIN staged ON area.boundary && staged.place
         AND ST_Covers(area.boundary, staged.place)
    WHERE area.validity @> CAST(:day AS date) AND area.boundary IS NOT NULL
      AND area.level = :level
      AND NOT EXISTS (SELECT FROM staged_area AS taken WHERE taken.line = staged.line)
    ORDER BY staged.line, area.path
""")


def day_of(moment: datetime) -> date:
    """Give the day it is in the city."""
    return moment.astimezone(CITY_ZONE).date()


def path_at(session: Session, place: Point, *, day: date) -> str | None:
    """Give the path of the smallest area that covers one place on that day."""
    area = repository.smallest(session, place, day)
    return None if area is None else area.path


def place_staged(session: Session, *, day: date) -> None:
    """Fill `staged_area` (line, path) for all rows of the temporary table `staged`."""
    session.execute(text("DROP TABLE IF EXISTS pg_temp.staged_area"))
    session.execute(
        text(
            'CREATE TEMP TABLE staged_area (line integer PRIMARY KEY, path text COLLATE "C")'
            " ON COMMIT DROP"
        )
    )
    levels = set(session.scalars(select(Area.level).distinct()))
    for level in reversed(AreaLevel):
        if level in levels:
            session.execute(PLACE_LEVEL, {"day": day, "level": level})
    session.execute(text("ANALYZE staged_area"))
