"""Two versions of what the field said, kept for review, and what was ruled about them.

Revision ID: 0044
Revises: 0043
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

MINE_TO_CHANGE = "in_scope(area_path) AND scope_role() <> 'observer'"


def moment(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def row(*columns: sa.Column[Any]) -> tuple[sa.Column[Any], ...]:
    """Give what every row has, and its own columns."""
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False),
        *columns,
    )


def upgrade() -> None:
    make_conflicts()
    make_rulings()


def make_conflicts() -> None:
    op.create_table(
        "version_conflict",
        *row(
            sa.Column("about", sa.Text(), nullable=False),
            sa.Column("subject_id", sa.Uuid(), nullable=False),
            sa.Column("subject_name", sa.Text(), nullable=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("first_id", sa.Uuid(), nullable=True),
            sa.Column("second_id", sa.Uuid(), nullable=False),
            sa.Column("facts", JSONB(), nullable=False),
            sa.Column("author_id", sa.Uuid(), nullable=False),
            sa.Column("author_name", sa.Text(), nullable=False),
            moment("done_at"),
            moment("sent_at", null=True),
            moment("received_at"),
            sa.Column("choice", sa.Text(), nullable=False),
            sa.Column("aside_id", sa.Uuid(), nullable=True),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_conflict")),
    )
    for name in ("area_path", "subject_id", "first_id", "second_id", "aside_id"):
        op.create_index(f"ix_version_conflict_{name}", "version_conflict", [name])
    op.create_index(
        "ix_version_conflict_open",
        "version_conflict",
        ["area_path"],
        postgresql_where=sa.text("choice = 'open'"),
    )
    guard("version_conflict", write=MINE_TO_CHANGE)
    op.execute(f"REVOKE DELETE ON version_conflict FROM {APP_ROLE}")


def make_rulings() -> None:
    op.create_table(
        "version_ruling",
        *row(
            sa.Column(
                "conflict_id",
                sa.Uuid(),
                sa.ForeignKey(
                    "version_conflict.id", name="fk_version_ruling_conflict_id_version_conflict"
                ),
                nullable=False,
            ),
            sa.Column("choice", sa.Text(), nullable=False),
            sa.Column("reason", sa.Text(), nullable=False),
            sa.Column("by_id", sa.Uuid(), nullable=False),
            sa.Column("by_name", sa.Text(), nullable=False),
            moment("ruled_at"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_ruling")),
    )
    for name in ("area_path", "conflict_id"):
        op.create_index(f"ix_version_ruling_{name}", "version_ruling", [name])
    guard("version_ruling", write=MINE_TO_CHANGE, append_only=True)


def downgrade() -> None:
    op.drop_table("version_ruling")
    op.drop_table("version_conflict")
