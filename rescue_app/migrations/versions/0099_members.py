"""Members of crews have parts, times and answers of their own.

Revision ID: 0099
Revises: 0107
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0099"
down_revision = "0107"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PROJECTED = """state, state_at, answered_at, answer_note, heard_at, check_in_at, alarm_ref"""
LENT_HERE = "a.lent_path IS NOT NULL AND in_scope(a.lent_path)"
# What members of a lent crew do is their borrower's to see and to order.
OF_LENT = {
    "member_part": f"""EXISTS (SELECT FROM assignment a
        WHERE a.id = assignment_id AND {LENT_HERE})""",
} | dict.fromkeys(
    ("member_step", "member_notice"),
    f"""EXISTS (SELECT FROM member_part p JOIN assignment a ON a.id = p.assignment_id
        WHERE p.id = part_id AND {LENT_HERE})""",
)
OWN = "in_scope(area_path)"
CHANGED = """
    CREATE TRIGGER member_part_changed BEFORE UPDATE ON member_part
    FOR EACH ROW EXECUTE FUNCTION note_transaction();
"""


def path(name: str, *, index: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C"), nullable=False, index=index)


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=null)


def link(name: str, target: str, *, null: bool = False, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(target), nullable=null, index=index)


def record() -> tuple[sa.Column[Any], ...]:
    key = sa.Column("id", sa.Uuid(), primary_key=True)
    return key, sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False)


def upgrade() -> None:
    make_part()
    make_notice()
    make_step()
    op.execute(CHANGED)
    for table, lent in OF_LENT.items():
        either = f"{OWN} OR {lent}"
        guard(table, read=either, insert=either, append_only=True)
        if table != "member_step":
            op.execute(
                f"CREATE POLICY {table}_update ON {table} FOR UPDATE"
                f" USING ({either}) WITH CHECK ({either})"
            )
    op.execute(f"GRANT UPDATE ({PROJECTED}) ON member_part TO {APP_ROLE}")
    op.execute(f"GRANT UPDATE (answer, answered_at) ON member_notice TO {APP_ROLE}")


def make_part() -> None:
    op.create_table(
        "member_part",
        *record(),
        link("order_id", "dispatch_order.id"),
        link("assignment_id", "assignment.id", index=True),
        link("member_id", "member.id"),
        sa.Column("account_id", sa.Uuid()),
        *(text(name) for name in ("name", "phone")),
        path("area_path"),
        path("giver_path", index=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        *(text(name) for name in ("giver_name", "giver_phone", "words")),
        moment("due_at", null=True),
        *(moment(name) for name in ("began_at", "answer_due_at")),
        text("state"),
        moment("state_at"),
        moment("answered_at", null=True),
        text("answer_note", null=True),
        *(moment(name, null=True) for name in ("heard_at", "check_in_at")),
        sa.Column("alarm_ref", sa.Uuid()),
        sa.Column(
            "changed",
            sa.BigInteger(),
            nullable=False,
            server_default=sa.text("pg_current_xact_id()::text::bigint"),
        ),
    )
    op.create_index("ix_member_part_order_id_changed", "member_part", ["order_id", "changed"])
    op.create_index("ix_member_part_account_id", "member_part", ["account_id", "began_at"])
    op.create_index(
        "ix_member_part_check_in_at",
        "member_part",
        ["check_in_at"],
        postgresql_where=sa.text("check_in_at IS NOT NULL"),
    )


def make_notice() -> None:
    op.create_table(
        "member_notice",
        *record(),
        link("part_id", "member_part.id", index=True),
        link("order_id", "dispatch_order.id", index=True),
        link("change_id", "order_change.id", null=True),
        path("area_path"),
        *(text(name) for name in ("kind", "why", "by_name")),
        moment("made_at"),
        text("answer", null=True),
        moment("answered_at", null=True),
    )


def make_step() -> None:
    op.create_table(
        "member_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        link("part_id", "member_part.id", index=True),
        link("order_id", "dispatch_order.id"),
        path("area_path"),
        text("kind"),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        *(text(name) for name in ("by_name", "by_phone")),
        *(moment(name) for name in ("done_at", "received_at")),
        sa.Column("place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)),
        text("note"),
        *(text(name, null=True) for name in ("how", "entered_by")),
        link("notice_id", "member_notice.id", null=True, index=True),
    )
    op.create_index(
        "ix_member_step_order_id_received_at", "member_step", ["order_id", "received_at"]
    )


def downgrade() -> None:
    for table in ("member_step", "member_notice", "member_part"):
        op.drop_table(table)
