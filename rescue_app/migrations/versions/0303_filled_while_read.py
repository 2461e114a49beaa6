"""An empty ledger is filled while its file is read: its indexes and the map's sums come after.

Sums are made once over all rows instead of with each slice; who asks is told whether they rest.

Revision ID: 0303
Revises: 0300
"""

import importlib

from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0303"
down_revision = "0300"
branch_labels = None
depends_on = None

VERSIONS = "rescue_app.migrations.versions"
COUNTS = importlib.import_module(f"{VERSIONS}.0014_counts")
FORMER = importlib.import_module(f"{VERSIONS}.0210_first_load")

FINEST = COUNTS.FINEST_ZOOM
CELL = COUNTS.POSITION_BITS - FINEST - COUNTS.CELL_BITS
WITHIN = 2**CELL - 1
LOWER = range(FINEST - 1, -1, -1)

# An empty ledger has no sums, or such as come to nothing: what stands there now is of these rows.
# Where a point lies within its cell is a small number: small ones are summed at half the cost.
SUMMED = f"""
CREATE FUNCTION sum_rested_points() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public SET work_mem = '128MB' AS $$
BEGIN
    ALTER TABLE hazard_point ENABLE TRIGGER count_points_on_insert;
    DELETE FROM point_count;
    INSERT INTO point_count (zoom, tile_x, tile_y, cell, {COUNTS.KEYS}, {COUNTS.SUMS})
    WITH placed AS (
        SELECT map_across(place) AS across, map_down(place) AS down,
               left(area_path, {COUNTS.DISTRICT_LENGTH}) AS area_path, category, grade, state,
               coalesce(threatened_persons, 0) AS persons
        FROM hazard_point OFFSET 0
    ), zoom_{FINEST} AS (
        SELECT across >> {CELL} AS x, down >> {CELL} AS y, {COUNTS.KEYS},
               count(*) AS points, sum(persons) AS persons,
               sum((across & {WITHIN})::int) + ((across >> {CELL}) << {CELL}) * count(*) AS across,
               sum((down & {WITHIN})::int) + ((down >> {CELL}) << {CELL}) * count(*) AS down
        FROM placed GROUP BY across >> {CELL}, down >> {CELL}, {COUNTS.KEYS}
    ), {", ".join(COUNTS.level(zoom) for zoom in LOWER)}
    {" UNION ALL ".join(COUNTS.written(zoom) for zoom in (FINEST, *LOWER))};
END $$;
REVOKE EXECUTE ON FUNCTION sum_rested_points() FROM PUBLIC;
"""  # noqa: S608 - made of this file's own words

# Only where the ledger is empty, whoever asks and whatever he may see of it; and only when nobody
# looks at it just now: an import never stands in a line before its readers. The index that finds
# a number twice is made first: nothing else is made in vain.
RESTED = f"""
CREATE FUNCTION rest_points() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE resting record;
BEGIN
    IF EXISTS (SELECT FROM hazard_point) THEN RETURN false; END IF;
    LOCK TABLE hazard_point IN ACCESS EXCLUSIVE MODE NOWAIT;
    IF EXISTS (SELECT FROM hazard_point) THEN RETURN false; END IF;
    FOR resting IN
        SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition
        FROM pg_index WHERE indrelid = 'hazard_point'::regclass AND NOT indisprimary
        ORDER BY indisunique DESC, indexrelid
    LOOP
        EXECUTE format('DROP INDEX %s', resting.name);
        INSERT INTO resting_index VALUES (resting.definition);
    END LOOP;
    ALTER TABLE hazard_point DISABLE TRIGGER count_points_on_insert;
    INSERT INTO resting_index VALUES ('SELECT sum_rested_points()');
    RETURN true;
EXCEPTION WHEN lock_not_available THEN RETURN false;
END $$;
REVOKE EXECUTE ON FUNCTION rest_points() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rest_points() TO {APP_ROLE};
"""  # noqa: S608 - made of this file's own words


def upgrade() -> None:
    op.execute("DROP FUNCTION rest_point_indexes()")
    op.execute(SUMMED)
    op.execute(RESTED)


def downgrade() -> None:
    op.execute("DROP FUNCTION rest_points()")
    op.execute("DROP FUNCTION sum_rested_points()")
    op.execute(FORMER.RESTED)
