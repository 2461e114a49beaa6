"""Chain tables in editions, chains that were kept, and the road graph in its parts.

Revision ID: 0160
Revises: 0132
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard, guard_reference

revision = "0160"
down_revision = "0132"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# In a part everybody can drive to everybody else and back. 20 m around a closed place no road is
# passed, as for `road_seconds`.
ROAD_PARTS = """
CREATE FUNCTION road_parts(closed text)
RETURNS TABLE (part bigint, node bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
    roads text := 'SELECT id, from_node AS source, to_node AS target, seconds AS cost,'
        ' back_seconds AS reverse_cost FROM road_edge';
BEGIN
    IF closed IS NOT NULL THEN
        roads := roads || format(' WHERE NOT ST_DWithin(line, %L::geometry, 0.0002)', closed);
    END IF;
    RETURN QUERY SELECT c.component, c.node FROM pgr_strongComponents(roads) c;
END $$
"""


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "chain_edition",
        sa.Column("edition", sa.Integer(), primary_key=True, autoincrement=False),
        *texts("name_zh", "name_en"),
        sa.Column("day", sa.Date(), nullable=False),
        *texts("digest", "said"),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        *texts("made_by_name"),
    )
    op.create_index(
        "uq_chain_edition_in_force",
        "chain_edition",
        ["in_force"],
        unique=True,
        postgresql_where=sa.text("in_force"),
    )
    guard_reference("chain_edition")
    # What an edition said stays: only which one is in force changes.
    op.execute("REVOKE UPDATE, DELETE ON chain_edition FROM yitong_app")
    op.execute("GRANT UPDATE (in_force) ON chain_edition TO yitong_app")
    op.create_table(
        "kept_chain",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("point_id", sa.Uuid(), index=True),
        sa.Column("incident_id", sa.Uuid(), index=True),
        sa.Column("alert_id", sa.Uuid(), index=True),
        sa.Column("edition", sa.Integer(), sa.ForeignKey("chain_edition.edition"), nullable=False),
        *texts("title"),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        *texts("made_by_name"),
    )
    guard("kept_chain", append_only=True)
    op.execute(ROAD_PARTS)


def downgrade() -> None:
    op.execute("DROP FUNCTION road_parts(text)")
    op.drop_table("kept_chain")
    op.drop_table("chain_edition")
