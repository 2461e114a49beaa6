"""What a list of disaster records made and changed, and which points a record made historical.

Revision ID: 0184
Revises: 0189
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from rescue_app.migrations.security import guard

revision = "0184"
down_revision = "0189"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_import",
        sa.Column("import_id", sa.Uuid(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), primary_key=True, index=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", JSONB()),
    )
    guard("event_import")
    op.create_table(
        "evidence_backing",
        sa.Column("case_id", sa.Uuid(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True)),
    )
    guard("evidence_backing")


def downgrade() -> None:
    op.drop_table("evidence_backing")
    op.drop_table("event_import")
