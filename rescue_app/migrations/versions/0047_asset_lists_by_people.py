"""Lists of assets that people bring in: what they made of each asset, and the offices' words.

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from rescue_app.migrations.security import guard

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def words() -> sa.Column[list[str]]:
    """Make the column of the words that offices also use."""
    return sa.Column("words", ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'"))


# The plan of a trigger's statement is kept with the connection: one that was made when a single
# row changed compared each of 14,000 rows with each other the next time.
STEADY = """
ALTER FUNCTION keep_asset_versions() SET enable_nestloop = off;
ALTER FUNCTION keep_point_versions() SET enable_nestloop = off;
"""
UNSTEADY = """
ALTER FUNCTION keep_asset_versions() RESET enable_nestloop;
ALTER FUNCTION keep_point_versions() RESET enable_nestloop;
"""


def upgrade() -> None:
    op.execute(STEADY)
    op.add_column(
        "ledger_import", sa.Column("kind", sa.Text(), nullable=False, server_default="points")
    )
    op.alter_column("ledger_import", "kind", server_default=None)
    op.add_column("asset_type", words())
    op.add_column("asset_relation", words())
    op.create_table(
        "asset_import",
        sa.Column("import_id", sa.Uuid(), primary_key=True),
        sa.Column("asset_id", sa.Uuid(), sa.ForeignKey("asset.id"), primary_key=True, index=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("before", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ratings", JSONB(), nullable=False),
        sa.Column("links", JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_version", sa.Integer()),
    )
    guard("asset_import", write="in_scope(area_path) AND scope_role() <> 'observer'")


def downgrade() -> None:
    op.execute(UNSTEADY)
    op.drop_table("asset_import")
    op.drop_column("asset_relation", "words")
    op.drop_column("asset_type", "words")
    op.drop_column("ledger_import", "kind")
