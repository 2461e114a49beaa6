"""What the records say: searches, the places they propose, and which records were weighed.

Revision ID: 0150
Revises: 0157
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard

revision = "0150"
down_revision = "0157"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = postgresql.JSONB()


def upgrade() -> None:
    searches()
    proposals()


def searches() -> None:
    op.create_table(
        "evidence_search",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("parameters", JSON, nullable=False),
        sa.Column("vintage", JSON, nullable=False),
        sa.Column("seed", sa.Integer()),
        sa.Column("result", JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
    )
    guard("evidence_search")


def proposals() -> None:
    op.create_table(
        "evidence_proposal",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column(
            "search_id", sa.Uuid(), sa.ForeignKey("evidence_search.id"), nullable=False, index=True
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False),
        sa.Column("searched_path", sa.Text(collation="C"), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("hazard_type", sa.Text(), sa.ForeignKey("hazard_type.code"), nullable=False),
        sa.Column(
            "place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False), nullable=False
        ),
        sa.Column("event_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("keys", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_by_name", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("ledger_case.id")),
        sa.Column("point_id", sa.Uuid()),
        *checks(),
    )
    op.create_index(
        "ix_evidence_proposal_state_area_path", "evidence_proposal", ["state", "area_path"]
    )
    guard("evidence_proposal")


def checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'merged', 'rejected', 'outdated')",
            name="ck_evidence_proposal_state",
        ),
        sa.CheckConstraint(
            "evidence IN ('historical', 'high_frequency')", name="ck_evidence_proposal_evidence"
        ),
        sa.CheckConstraint(
            "(state IN ('open', 'outdated')) = (decided_at IS NULL)",
            name="ck_evidence_proposal_decided_at",
        ),
    )


def downgrade() -> None:
    op.drop_table("evidence_proposal")
    op.drop_table("evidence_search")
