"""Checklists.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard_reference

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_threshold()
    make_template()
    make_item()


def make_threshold() -> None:
    op.create_table(
        "threshold",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("note_zh", sa.Text(), nullable=False),
        sa.Column("note_en", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("default_value", sa.Float(), nullable=False),
        sa.Column("own_value", sa.Float()),
    )
    guard_reference("threshold")


def make_template() -> None:
    op.create_table(
        "checklist_template",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("applies_to", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
    )
    op.create_index(
        "ix_checklist_template_applies_to",
        "checklist_template",
        ["applies_to"],
        postgresql_using="gin",
    )
    guard_reference("checklist_template")


def make_item() -> None:
    op.create_table(
        "checklist_item",
        sa.Column(
            "template_code", sa.Text(), sa.ForeignKey("checklist_template.code"), primary_key=True
        ),
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("bad_answer", sa.Boolean()),
        sa.Column("choices", postgresql.JSONB(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("minimum", sa.Float()),
        sa.Column("maximum", sa.Float()),
        sa.Column("bad_above", sa.Float()),
        sa.Column("bad_below", sa.Float()),
        sa.Column("above_threshold", sa.Text(), sa.ForeignKey("threshold.code")),
        sa.Column("below_threshold", sa.Text(), sa.ForeignKey("threshold.code")),
        sa.Column("retired", sa.Boolean(), nullable=False),
    )
    guard_reference("checklist_item")


def downgrade() -> None:
    for table in ("checklist_item", "checklist_template", "threshold"):
        op.drop_table(table)
