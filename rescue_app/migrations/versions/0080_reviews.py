"""What a review measures by, and the lessons drawn from it.

Revision ID: 0080
Revises: 0078
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0080"
down_revision = "0078"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CITY_SETS = "is_system() OR scope_role() = 'city_commander'"
EITHER = "in_scope(area_path) OR in_scope(owner_path)"


def text(name: str, *, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=empty)


def path(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C"), nullable=False, index=True)


def upgrade() -> None:
    indicators()
    lessons()


def indicators() -> None:
    op.create_table(
        "review_indicator",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        *(text(name) for name in ("name_zh", "name_en", "figure", "of", "level")),
        sa.Column("target", sa.Float(), nullable=False),
        text("changed_by_name"),
    )
    guard("review_indicator", read="true", write=CITY_SETS)
    op.execute(f"REVOKE DELETE ON review_indicator FROM {APP_ROLE}")


def lessons() -> None:
    op.create_table(
        "review_lesson",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column(
            "incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), nullable=False, index=True
        ),
        path("area_path"),
        path("owner_path"),
        sa.Column("owner_id", sa.Uuid(), sa.ForeignKey("unit.id"), nullable=False),
        *(text(name) for name in ("owner_name", "owner_name_en", "words")),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        text("by_name"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("call_at", MOMENT),
        sa.Column("call_ref", sa.Uuid()),
        sa.Column("done_at", MOMENT),
        text("done_by_name", empty=True),
        text("done_how", empty=True),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
    )
    op.create_index(
        "ix_review_lesson_call_at",
        "review_lesson",
        ["call_at"],
        postgresql_where=sa.text("call_at IS NOT NULL"),
    )
    guard("review_lesson", read=EITHER, write=EITHER)
    op.execute(f"REVOKE DELETE ON review_lesson FROM {APP_ROLE}")


def downgrade() -> None:
    op.drop_table("review_lesson")
    op.drop_table("review_indicator")
