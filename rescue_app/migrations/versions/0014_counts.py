"""The count pyramid: sums per cell of every zoom, kept right by the change itself.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FINEST_ZOOM = 10
CELL_BITS = 3
POSITION_BITS = 32
DISTRICT_LENGTH = len("/500000/500101/")  # codes of city and district have six digits (GB/T 2260)
KEYS = "area_path, category, grade, state"
SUMS = "points, persons, across, down"

# Web Mercator in units of 2^-32 of the world (a centimetre), as whole numbers: sums of them stay exact however
# often a point moves, and the cells of each zoom are bits of them. The poles are cut off where
# the square map ends.
PLACES = f"""
CREATE FUNCTION map_across(place geometry) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT floor((ST_X(place) + 180.0::float8) / 360.0 * {2**POSITION_BITS})::bigint $$;
CREATE FUNCTION map_down(place geometry) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT floor((0.5::float8 - ln(tan(pi() / 4 + radians(
       greatest(least(ST_Y(place), 85.05), -85.05)) / 2)) / (2 * pi())) * {2**POSITION_BITS})::bigint
$$;
"""

WAS = "SELECT -1, place, area_path, category, grade, state, threatened_persons FROM was"
BECAME = "SELECT 1, place, area_path, category, grade, state, threatened_persons FROM became"
CHANGES = {
    "insert": ("NEW TABLE AS became", BECAME),
    "delete": ("OLD TABLE AS was", WAS),
    "update": ("OLD TABLE AS was NEW TABLE AS became", f"{WAS} UNION ALL {BECAME}"),
}


def level(zoom: int) -> str:
    """Sum the cells of one zoom, the finest from the points and each other from the one below."""
    if zoom == FINEST_ZOOM:
        bits = POSITION_BITS - FINEST_ZOOM - CELL_BITS
        signed = {"points": "sign"} | {name: f"sign * {name}" for name in SUMS.split(", ")[1:]}
        sums = ", ".join(f"sum({figure})::bigint AS {name}" for name, figure in signed.items())
        source = f"across >> {bits} AS x, down >> {bits} AS y, {KEYS}, {sums} FROM moved"
    else:
        sums = ", ".join(f"sum({name})::bigint AS {name}" for name in SUMS.split(", "))
        source = f"x >> 1 AS x, y >> 1 AS y, {KEYS}, {sums} FROM zoom_{zoom + 1}"
    return f"zoom_{zoom} AS (SELECT {source} GROUP BY 1, 2, {KEYS})"


def written(zoom: int) -> str:
    """Give the rows of one zoom; what adds nothing is not written."""
    mask = 2**CELL_BITS - 1
    return f"""
    SELECT {zoom}, x >> {CELL_BITS}, y >> {CELL_BITS},
           (y & {mask}) * {2**CELL_BITS} + (x & {mask}), {KEYS}, {SUMS}
    FROM zoom_{zoom} WHERE points <> 0 OR persons <> 0 OR across <> 0 OR down <> 0
    """  # noqa: S608 - made of this file's own words


def added(changes: str) -> str:
    """Write one statement's changes as rows of sums, for all zooms; nothing is ever updated.

    Writers therefore never wait for each other. The district is what is kept of the path.
    """
    zooms = range(FINEST_ZOOM, -1, -1)
    return f"""
    INSERT INTO point_count (zoom, tile_x, tile_y, cell, {KEYS}, {SUMS})
    WITH changes (sign, place, path, category, grade, state, people) AS ({changes}),
    moved AS MATERIALIZED (
        SELECT sign, map_across(place) AS across, map_down(place) AS down,
               left(path, {DISTRICT_LENGTH}) AS area_path, category, grade, state,
               coalesce(people, 0)::bigint AS persons
        FROM changes
    ),
    {", ".join(level(zoom) for zoom in zooms)}
    {" UNION ALL ".join(written(zoom) for zoom in zooms)}
    """  # noqa: S608 - made of this file's own words


def counting(event: str, tables: str, changes: str) -> str:
    return f"""
    CREATE FUNCTION count_points_on_{event}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$ BEGIN {added(changes)}; RETURN NULL; END $$;
    CREATE TRIGGER count_points_on_{event} AFTER {event.upper()} ON hazard_point
    REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION count_points_on_{event}();
    """


EMPTIED = """
CREATE FUNCTION forget_point_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$ BEGIN DELETE FROM point_count; RETURN NULL; END $$;
CREATE TRIGGER forget_point_counts AFTER TRUNCATE ON hazard_point
FOR EACH STATEMENT EXECUTE FUNCTION forget_point_counts();
"""

# One statement, so that no reader ever sees rows gone whose sum is not there yet. Rows that
# arrive meanwhile are left for the next time. A second compactor has nothing to do.
COMPACT = f"""
CREATE FUNCTION compact_point_counts() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE merged bigint := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('compact_point_counts')) THEN RETURN 0; END IF;
    WITH rows AS (
        SELECT ctid AS row, count(*) OVER (
            PARTITION BY zoom, tile_x, tile_y, cell, {KEYS}) AS alike
        FROM point_count
    ), gone AS (
        DELETE FROM point_count WHERE ctid = ANY (ARRAY(SELECT row FROM rows WHERE alike > 1))
        RETURNING *
    ), summed AS (
        INSERT INTO point_count (zoom, tile_x, tile_y, cell, {KEYS}, {SUMS})
        SELECT zoom, tile_x, tile_y, cell, {KEYS},
               {", ".join(f"sum({name})" for name in SUMS.split(", "))}
        FROM gone GROUP BY zoom, tile_x, tile_y, cell, {KEYS}
        HAVING sum(points) <> 0 OR sum(persons) <> 0 OR sum(across) <> 0 OR sum(down) <> 0
    )
    SELECT count(*) INTO merged FROM gone;
    RETURN merged;
END $$;
REVOKE EXECUTE ON FUNCTION compact_point_counts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION compact_point_counts() TO {APP_ROLE};
"""  # noqa: S608 - made of this file's own words


def upgrade() -> None:
    text, whole, big = sa.Text(), sa.Integer(), sa.BigInteger()
    op.create_table(
        "point_count",
        sa.Column("zoom", sa.SmallInteger(), nullable=False),
        sa.Column("tile_x", whole, nullable=False),
        sa.Column("tile_y", whole, nullable=False),
        sa.Column("cell", sa.SmallInteger(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("category", "grade", "state")),
        *(sa.Column(name, big, nullable=False) for name in SUMS.split(", ")),
    )
    op.create_index("ix_point_count_tile", "point_count", ["zoom", "tile_x", "tile_y"])
    guard("point_count", append_only=True)
    op.execute(f"REVOKE INSERT ON point_count FROM {APP_ROLE}")
    op.execute(PLACES)
    op.execute(added(BECAME.replace("FROM became", "FROM hazard_point")))
    for event, (tables, changes) in CHANGES.items():
        op.execute(counting(event, tables, changes))
    op.execute(EMPTIED)
    op.execute(COMPACT)


def downgrade() -> None:
    for name in ("count_points_on_insert", "count_points_on_update", "count_points_on_delete"):
        op.execute(f"DROP TRIGGER {name} ON hazard_point; DROP FUNCTION {name}()")
    op.execute("DROP TRIGGER forget_point_counts ON hazard_point")
    op.execute("DROP FUNCTION forget_point_counts(); DROP FUNCTION compact_point_counts()")
    op.drop_table("point_count")
    op.execute("DROP FUNCTION map_across(geometry); DROP FUNCTION map_down(geometry)")
