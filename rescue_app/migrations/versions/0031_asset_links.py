"""What one asset is to another.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard, guard_reference

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

WORDS = ("name_zh", "name_en", "back_zh", "back_en")


def upgrade() -> None:
    op.create_table(
        "asset_relation",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WORDS),
    )
    guard_reference("asset_relation")
    op.create_table(
        "asset_link",
        sa.Column("from_id", sa.Uuid(), sa.ForeignKey("asset.id"), primary_key=True),
        sa.Column("relation", sa.Text(), sa.ForeignKey("asset_relation.code"), primary_key=True),
        sa.Column("to_id", sa.Uuid(), sa.ForeignKey("asset.id"), primary_key=True, index=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
    )
    guard("asset_link", write="in_scope(area_path) AND scope_role() <> 'observer'")


def downgrade() -> None:
    op.drop_table("asset_link")
    op.drop_table("asset_relation")
