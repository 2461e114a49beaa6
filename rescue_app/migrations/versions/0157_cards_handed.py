"""Cards that were handed out at a point: to whom, when, and who says so.

Revision ID: 0157
Revises: 0137
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0157"
down_revision = "0137"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_handed",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "point_id", sa.Uuid(), sa.ForeignKey("hazard_point.id"), nullable=False, index=True
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), sa.ForeignKey("household.id"), index=True),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('refuge', 'work')", name="kind"),
        sa.CheckConstraint("(kind = 'refuge') = (household_id IS NOT NULL)", name="household"),
        sa.CheckConstraint("(kind = 'work') = (holder <> '')", name="holder"),
    )
    guard("card_handed", append_only=True)


def downgrade() -> None:
    op.drop_table("card_handed")
