"""Traffic at an asset: plans of detours, and closures.

Revision ID: 0036
Revises: 0035
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

# That a way is closed and how to get around it is for everyone who stands before it.
MINE_OR_SCANNED = "in_scope(area_path) OR scope_role() = 'resident'"
MINE_OR_CLOSED = "in_scope(area_path) OR (scope_role() = 'resident' AND reopened_at IS NULL)"
MINE_TO_CHANGE = "in_scope(area_path) AND scope_role() <> 'observer'"
# That an area is in an emergency is no secret there: a resident's page leads with it.
PUBLIC_MODE = """
CREATE FUNCTION public_mode(place text, at timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$ SELECT mode_at(place, at) $$
"""


def upgrade() -> None:
    make_plan()
    make_closure()
    op.execute(PUBLIC_MODE)


def make_plan() -> None:
    op.create_table(
        "traffic_plan",
        *of_an_asset(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stops", postgresql.JSONB(), nullable=False),
        sa.Column("detour", geoalchemy2.Geometry("LINESTRING", srid=4326, spatial_index=False)),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("words", "closer")),
        sa.Column("closer_phone", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.UniqueConstraint("asset_id", "version"),
    )
    guard("traffic_plan", read=MINE_OR_SCANNED, write=MINE_TO_CHANGE)
    # What was planned stays as it was planned; only its area follows the asset.
    op.execute("REVOKE UPDATE, DELETE ON traffic_plan FROM yitong_app")
    op.execute("GRANT UPDATE (area_path) ON traffic_plan TO yitong_app")


def make_closure() -> None:
    op.create_table(
        "asset_closure",
        *of_an_asset(),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("unit", "reason")),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=False),
        sa.Column("closed_by_name", sa.Text(), nullable=False),
        sa.Column("expected_at", sa.DateTime(timezone=True)),
        sa.Column("reopened_at", sa.DateTime(timezone=True)),
        sa.Column("reopened_by", sa.Uuid()),
        sa.Column("reopened_by_name", sa.Text(), nullable=False),
        sa.Column("reopened_note", sa.Text(), nullable=False),
    )
    op.create_index(
        "ix_asset_closure_asset_id_closed_at", "asset_closure", ["asset_id", "closed_at"]
    )
    op.create_index(
        "uq_asset_closure_one_open",
        "asset_closure",
        ["asset_id"],
        unique=True,
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
    guard("asset_closure", read=MINE_OR_CLOSED, write=MINE_TO_CHANGE)
    op.execute("REVOKE DELETE ON asset_closure FROM yitong_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION public_mode(text, timestamptz)")
    op.drop_table("asset_closure")
    op.drop_table("traffic_plan")


def of_an_asset() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("asset_id", sa.Uuid(), sa.ForeignKey("asset.id"), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
    ]
