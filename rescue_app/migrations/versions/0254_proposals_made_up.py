"""A proposed place says when what it is drawn from is made up.

Revision ID: 0254
Revises: 0222
"""

import sqlalchemy as sa
from alembic import op

revision = "0254"
down_revision = "0222"
branch_labels = None
depends_on = None

KNOWN = """
    UPDATE evidence_proposal AS proposal SET synthetic = true
    WHERE EXISTS (
        SELECT FROM evidence_search AS search WHERE search.id = proposal.search_id
            AND (search.vintage->>'synthetic')::boolean
    ) OR EXISTS (
        SELECT FROM disaster_event AS event
        WHERE event.id = ANY (proposal.event_ids) AND event.synthetic
    )
"""


def upgrade() -> None:
    op.add_column(
        "evidence_proposal",
        sa.Column("synthetic", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute(KNOWN)


def downgrade() -> None:
    op.drop_column("evidence_proposal", "synthetic")
