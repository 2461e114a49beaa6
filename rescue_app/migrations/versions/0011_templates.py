"""Versions of checklists, and when which list is due.

Revision ID: 0011
Revises: 0010
"""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from alembic import op

from hazards.checklists.rules import Mode, Rhythm, Season

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def text(name: str, first: str) -> sa.Column[str]:
    """A column that the rows of before fill with a value; later ones say their own."""
    return sa.Column(name, sa.Text(), nullable=False, server_default=first)


def new_columns() -> list[sa.Column[Any]]:
    return [
        text("mode", "peace"),
        text("season", "all"),
        text("rhythm", "monthly"),
        text("role", "patrol"),
        text("digest", ""),
        text("made_by_name", ""),
        sa.Column("hazard_types", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"),
        sa.Column("window_hours", sa.Integer(), nullable=False, server_default="72"),
        sa.Column("shipped", sa.Boolean(), nullable=False, server_default="true"),
    ]


def one_of(name: str, words: type[StrEnum]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(name, "checklist_template", f"{name} IN ({listed})")


def upgrade() -> None:
    op.drop_constraint(op.f("fk_checklist_item_template_code"), "checklist_item")
    for table in ("checklist_template", "checklist_item"):
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        op.alter_column(table, "version", server_default=None)
        op.drop_constraint(op.f(f"pk_{table}"), table)
    for column in new_columns():
        op.add_column("checklist_template", column)
        op.alter_column("checklist_template", column.name, server_default=None)
    op.add_column(
        "checklist_template",
        sa.Column(
            "made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
    )
    op.create_primary_key(op.f("pk_checklist_template"), "checklist_template", ["code", "version"])
    op.create_index(
        "uq_checklist_template_in_force", "checklist_template", ["code"],
        unique=True, postgresql_where=sa.text("NOT retired"),
    )  # fmt: skip
    one_of("mode", Mode)
    one_of("rhythm", Rhythm)
    one_of("season", Season)
    change_items()
    op.add_column(
        "inspection",
        sa.Column("template_version", sa.Integer(), nullable=False, server_default="1"),
    )
    op.alter_column("inspection", "template_version", server_default=None)


def change_items() -> None:
    table = "checklist_item"
    op.create_primary_key(op.f("pk_checklist_item"), table, ["template_code", "version", "code"])
    op.create_foreign_key(
        op.f("fk_checklist_item_template_code_version"), table, "checklist_template",
        ["template_code", "version"], ["code", "version"],
    )  # fmt: skip
    op.add_column(table, sa.Column("question", sa.Text()))
    op.execute("UPDATE checklist_item SET question = code")
    op.alter_column(table, "question", nullable=False)
    op.execute("DELETE FROM checklist_item WHERE retired")
    op.drop_column(table, "retired")


def downgrade() -> None:
    op.drop_column("inspection", "template_version")
    op.drop_constraint(op.f("fk_checklist_item_template_code_version"), "checklist_item")
    op.execute(
        "DELETE FROM checklist_item i USING checklist_template t WHERE t.retired"
        " AND (t.code, t.version) = (i.template_code, i.version)"
    )
    op.execute("DELETE FROM checklist_template WHERE retired")
    op.add_column(
        "checklist_item", sa.Column("retired", sa.Boolean(), nullable=False, server_default="false")
    )
    op.drop_column("checklist_item", "question")
    op.drop_index("uq_checklist_template_in_force", "checklist_template")
    for table, key in (
        ("checklist_item", ["template_code", "code"]),
        ("checklist_template", ["code"]),
    ):
        op.drop_constraint(op.f(f"pk_{table}"), table)
        op.drop_column(table, "version")
        op.create_primary_key(op.f(f"pk_{table}"), table, key)
    op.create_foreign_key(
        op.f("fk_checklist_item_template_code"), "checklist_item", "checklist_template",
        ["template_code"], ["code"],
    )  # fmt: skip
    for name in ("made_at", *(column.name for column in new_columns())):
        op.drop_column("checklist_template", name)
