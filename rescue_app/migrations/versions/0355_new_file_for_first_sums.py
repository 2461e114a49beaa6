"""The sums of a first load go into a file of their own as well, and their index comes after them.

Where the server keeps its log for nobody else they need not stand there (see 0331); elsewhere no
dead sums stay behind them. Whoever brings a first load in holds both tables from the start: he
waits for no reader of the map in the middle of it.

Revision ID: 0355
Revises: 0331
"""

import importlib

from alembic import op

revision = "0355"
down_revision = "0331"
branch_labels = None
depends_on = None

VERSIONS = "rescue_app.migrations.versions"
SUMS = importlib.import_module(f"{VERSIONS}.0303_filled_while_read").SUMMED
RESTED = importlib.import_module(f"{VERSIONS}.0331_new_file_for_a_first_load").RESTED

FORMER = SUMS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
SUMMED = (
    FORMER.replace(
        "BEGIN\n",
        """
DECLARE tiles text := pg_get_indexdef(to_regclass('ix_point_count_tile'));
BEGIN
""",
    )
    .replace(
        "DELETE FROM point_count;",
        """TRUNCATE point_count;
    DROP INDEX ix_point_count_tile;""",
    )
    .replace("END $$", "    EXECUTE tiles;\nEND $$")
)
BOTH = RESTED.replace("LOCK TABLE hazard_point IN", "LOCK TABLE hazard_point, point_count IN")


def upgrade() -> None:
    op.execute(SUMMED)
    op.execute(BOTH)


def downgrade() -> None:
    op.execute(RESTED)
    op.execute(FORMER)
