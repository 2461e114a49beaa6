"""Measure cards in editions, materials, and the stores where they lie.

Revision ID: 0042
Revises: 0041
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard, guard_reference

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

# Neighbours help out: whoever works in a district sees all stores of the district, residents none.
SCOPE_DISTRICT = """
CREATE FUNCTION scope_district() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT substring(nullif(current_setting('yitong.area_path', true), '')
                    FROM '^/(?:[^/]+/){0,2}') $$
"""
OF_MY_DISTRICT = "scope_role() <> 'resident' AND starts_with(area_path, (SELECT scope_district()))"
MINE_TO_CHANGE = "in_scope(area_path) AND scope_role() <> 'observer'"


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.drop_column("asset_type", "measures")
    make_editions()
    op.create_table(
        "material",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        *texts("name_zh", "name_en", "unit_zh", "unit_en"),
        sa.Column("words", postgresql.ARRAY(sa.Text()), nullable=False),
    )
    guard_reference("material")
    make_stores()


def make_editions() -> None:
    op.create_table(
        "measure_edition",
        sa.Column("edition", sa.Integer(), primary_key=True, autoincrement=False),
        *texts("name_zh", "name_en"),
        sa.Column("day", sa.Date(), nullable=False),
        *texts("digest", "said"),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *texts("made_by_name"),
    )
    op.create_index(
        "uq_measure_edition_in_force",
        "measure_edition",
        ["in_force"],
        unique=True,
        postgresql_where=sa.text("in_force"),
    )
    op.create_table(
        "measure_card",
        sa.Column(
            "edition", sa.Integer(), sa.ForeignKey("measure_edition.edition"), primary_key=True
        ),
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("assets", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
    )
    guard_reference("measure_edition")
    guard_reference("measure_card")
    # What an edition said stays: only which one is in force changes.
    op.execute("REVOKE UPDATE, DELETE ON measure_edition, measure_card FROM yitong_app")
    op.execute("GRANT UPDATE (in_force) ON measure_edition TO yitong_app")


def make_stores() -> None:
    op.create_table(
        "material_store",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        *texts("source", "source_id", "name", "address", "keeper", "keeper_phone"),
        sa.Column(
            "place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False), nullable=False
        ),
        sa.Column("stock", postgresql.JSONB(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        *texts("changed_by_name"),
        sa.UniqueConstraint("source", "source_id"),
    )
    op.execute(SCOPE_DISTRICT)
    guard("material_store", read=OF_MY_DISTRICT, write=MINE_TO_CHANGE)


def downgrade() -> None:
    for table in ("material_store", "material", "measure_card", "measure_edition"):
        op.drop_table(table)
    op.execute("DROP FUNCTION scope_district()")
    op.add_column(
        "asset_type",
        sa.Column("measures", postgresql.JSONB(), nullable=False, server_default="[]"),
    )
