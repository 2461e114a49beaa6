"""A first load gets its indexes after its rows: built at once they cost a third of row by row.

Revision ID: 0210
Revises: 0179
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0210"
down_revision = "0179"
branch_labels = None
depends_on = None

# The application may neither read nor write what waits: its text is run as the owner. Whoever
# forgets to ask for the indexes gets them with the commit, so that none is ever missing.
MADE = """
CREATE FUNCTION make_resting_index() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public SET maintenance_work_mem = '256MB' AS $$
BEGIN
    EXECUTE NEW.definition;
    DELETE FROM resting_index WHERE definition = NEW.definition;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION make_resting_index() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER make_resting_index AFTER INSERT ON resting_index
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION make_resting_index();
"""

# Only where the ledger is empty, whoever asks and whatever he may see of it; and only when nobody
# looks at it just now: an import never stands in a line before its readers.
RESTED = f"""
CREATE FUNCTION rest_point_indexes() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE resting record;
BEGIN
    IF EXISTS (SELECT FROM hazard_point) THEN RETURN; END IF;
    LOCK TABLE hazard_point IN ACCESS EXCLUSIVE MODE NOWAIT;
    IF EXISTS (SELECT FROM hazard_point) THEN RETURN; END IF;
    FOR resting IN
        SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition
        FROM pg_index WHERE indrelid = 'hazard_point'::regclass AND NOT indisprimary
    LOOP
        EXECUTE format('DROP INDEX %s', resting.name);
        INSERT INTO resting_index VALUES (resting.definition);
    END LOOP;
EXCEPTION WHEN lock_not_available THEN RETURN;
END $$;
REVOKE EXECUTE ON FUNCTION rest_point_indexes() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rest_point_indexes() TO {APP_ROLE};
"""  # noqa: S608 - made of this file's own words


def upgrade() -> None:
    op.create_table("resting_index", sa.Column("definition", sa.Text(), primary_key=True))
    op.execute(f"REVOKE ALL ON resting_index FROM {APP_ROLE}")
    op.execute(MADE)
    op.execute(RESTED)


def downgrade() -> None:
    op.execute("DROP FUNCTION rest_point_indexes()")
    op.drop_table("resting_index")
    op.execute("DROP FUNCTION make_resting_index()")
