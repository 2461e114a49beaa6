"""Views of the map that people keep and share with their area.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OWN = "owner_id = scope_actor()"
# A district's view is offered to its streets and to the city above it.
OFFERED = f"""{OWN} OR shared AND (in_scope(area_path)
    OR starts_with(nullif(current_setting('yitong.area_path', true), ''), area_path))"""


def upgrade() -> None:
    text = sa.Text()
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("name", text, nullable=False),
        sa.Column("address", text, nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("owner_name", text, nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
    )
    guard("saved_view", read=OFFERED, write=f"{OWN} AND in_scope(area_path)")


def downgrade() -> None:
    op.drop_table("saved_view")
