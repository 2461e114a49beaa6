"""What a trial would make of points, row by row: the new ones, and what changes of the others."""

from sqlalchemy import text

from hazards.points.importing.statements import WRITTEN

PLAIN = tuple(name for name in WRITTEN if name not in {"place", "extent"})
NEW = text("""
    SELECT line, staged.number, staged.name, longitude, latitude FROM staged
    WHERE NOT EXISTS (SELECT FROM hazard_point AS point
        WHERE point.source = staged.source AND point.number = staged.number)
    ORDER BY line LIMIT :limit
""")
PAIRS = ", ".join(f"'{name}', jsonb_build_array(point.{name}, changed.{name})" for name in PLAIN)
CHANGED_ROWS = f"""
    SELECT staged.line, changed.number, changed.name, point.id::text AS id,
        (SELECT jsonb_object_agg(key, value) FROM jsonb_each(jsonb_build_object({PAIRS}))
         WHERE value -> 0 IS DISTINCT FROM value -> 1) AS differences,
        round(ST_Distance(point.place::geography, changed.place::geography)) AS moved_m,
        point.extent IS DISTINCT FROM changed.extent AS redrawn
    FROM changed JOIN hazard_point AS point ON point.id = changed.point_id
    JOIN staged ON staged.source = changed.source AND staged.number = changed.number
    ORDER BY staged.line LIMIT :limit
"""  # noqa: S608 - made of the columns' own names
CHANGED = text(CHANGED_ROWS)
