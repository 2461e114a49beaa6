"""What a person decided about what cameras saw: an incident, one that is known, or nothing.

Revision ID: 0166
Revises: 0165
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0166"
down_revision = "0165"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sighting_decision",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "sighting_id",
            sa.Uuid(),
            sa.ForeignKey("sighting.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("incident_id", sa.Uuid(), index=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("decision", "why", "by_name")),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    # What was seen becomes one incident, whoever says so at the same time.
    op.create_index(
        "uq_sighting_decision_incident",
        "sighting_decision",
        ["sighting_id"],
        unique=True,
        postgresql_where=sa.text("incident_id IS NOT NULL"),
    )
    guard("sighting_decision", append_only=True)


def downgrade() -> None:
    op.drop_table("sighting_decision")
