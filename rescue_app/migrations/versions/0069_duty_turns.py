"""Who is on duty at a unit, and the hand-over from one to the next.

Revision ID: 0069
Revises: 0068
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

WRITES = "is_system() OR (scope_role() LIKE '%commander' AND in_scope(area_path))"
READS = "is_system() OR (scope_role() <> 'resident' AND in_scope(area_path))"
OPEN = sa.text("ended_at IS NULL")


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def moment(name: str, *, null: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def link(name: str, to: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(to), nullable=False, **more)


def head() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
    ]


def upgrade() -> None:
    op.create_table(
        "duty_turn", *head(), link("unit_id", "unit.id"), link("member_id", "member.id"),
        sa.Column("account_id", sa.Uuid()), text("name"), moment("since", null=False),
        moment("until"), moment("ended_at"), text("ended_how", null=True), text("ended_why"),
        text("begun_by_name"),
    )  # fmt: skip
    for column in ("unit_id", "member_id"):
        op.create_index(
            f"ix_duty_turn_{column}", "duty_turn", [column], postgresql_where=OPEN,
            unique=column == "member_id",
        )  # fmt: skip
    op.create_table(
        "hand_over", *head(), link("turn_id", "duty_turn.id", index=True),
        link("to_member_id", "member.id"), sa.Column("to_person_id", sa.Uuid(), nullable=False),
        text("to_name"), text("note"), moment("until"), text("offered_by_name"),
        moment("offered_at", null=False), moment("answered_at"), text("answer", null=True),
        text("why"),
    )  # fmt: skip
    op.create_index(
        "uq_hand_over_turn_id", "hand_over", ["turn_id"], unique=True,
        postgresql_where=sa.text("answer IS NULL"),
    )  # fmt: skip
    guard("duty_turn", read=READS, write=WRITES)
    guard("hand_over", read=READS, write=WRITES)


def downgrade() -> None:
    op.drop_table("hand_over")
    op.drop_table("duty_turn")
