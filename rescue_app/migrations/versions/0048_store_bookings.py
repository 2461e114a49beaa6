"""How much lay in a store before and after, each time somebody counted or a list came in."""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0048"
down_revision = "0047"
branch_labels = depends_on = None

OF_MY_DISTRICT = "scope_role() <> 'resident' AND starts_with(area_path, (SELECT scope_district()))"
MINE_TO_CHANGE = "in_scope(area_path) AND scope_role() <> 'observer'"


def upgrade() -> None:
    op.create_table(
        "store_booking",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("store_id", sa.Uuid(), sa.ForeignKey("material_store.id"), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("before", sa.Numeric(), nullable=False),
        sa.Column("after", sa.Numeric(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
    )
    op.create_index("ix_store_booking_store_id", "store_booking", ["store_id"])
    op.create_index("ix_store_booking_area_path", "store_booking", ["area_path"])
    guard("store_booking", read=OF_MY_DISTRICT, write=MINE_TO_CHANGE, append_only=True)


def downgrade() -> None:
    op.drop_table("store_booking")
