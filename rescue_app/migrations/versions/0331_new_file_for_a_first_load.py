"""A first load goes into a file of its own, so that its rows need not stand in the log as well.

Where the server keeps its log for nobody else (`wal_level = minimal`), what is written into a file
made in the same transaction is safe as soon as that file is on the disk: PostgreSQL waits for it
with the commit. An index over few rows of all stays: it costs less to ask of each new row whether
it belongs there than to look through all of them afterwards.

Revision ID: 0331
Revises: 0348
"""

import importlib

from alembic import op

revision = "0331"
down_revision = "0348"
branch_labels = None
depends_on = None

FORMER = importlib.import_module("rescue_app.migrations.versions.0303_filled_while_read")

# Only where the ledger is empty, whoever asks and whatever he may see of it; and only when nobody
# looks at it just now: an import never stands in a line before its readers. The index that finds
# a number twice is made first: nothing else is made in vain. Of an empty table, CLUSTER does
# nothing but give it a new file; TRUNCATE would empty with it whatever points to it.
RESTED = """
CREATE OR REPLACE FUNCTION rest_points() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE resting record;
BEGIN
    IF EXISTS (SELECT FROM hazard_point) THEN RETURN false; END IF;
    LOCK TABLE hazard_point IN ACCESS EXCLUSIVE MODE NOWAIT;
    IF EXISTS (SELECT FROM hazard_point) THEN RETURN false; END IF;
    FOR resting IN
        SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition
        FROM pg_index
        WHERE indrelid = 'hazard_point'::regclass AND NOT indisprimary AND indpred IS NULL
        ORDER BY indisunique DESC, indexrelid
    LOOP
        EXECUTE format('DROP INDEX %s', resting.name);
        INSERT INTO resting_index VALUES (resting.definition);
    END LOOP;
    IF current_setting('wal_level') = 'minimal' THEN
        CLUSTER hazard_point USING pk_hazard_point;
        ALTER TABLE hazard_point SET WITHOUT CLUSTER;
    END IF;
    ALTER TABLE hazard_point DISABLE TRIGGER count_points_on_insert;
    INSERT INTO resting_index VALUES ('SELECT sum_rested_points()');
    RETURN true;
EXCEPTION WHEN lock_not_available THEN RETURN false;
END $$;
"""


def upgrade() -> None:
    op.execute(RESTED)


def downgrade() -> None:
    op.execute("DROP FUNCTION rest_points()")
    op.execute(FORMER.RESTED)
