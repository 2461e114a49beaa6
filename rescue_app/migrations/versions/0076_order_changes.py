"""Orders are amended, suspended, cancelled and recalled; each hop answers for itself.

Revision ID: 0076
Revises: 0053
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0076"
down_revision = "0053"
branch_labels = None
depends_on = None

COMMANDS = "(is_system() OR scope_role() LIKE '%commander') AND in_scope(area_path)"
# A change goes where the order went.
SEEN = """in_scope(area_path) OR EXISTS (
    SELECT FROM assignment a WHERE a.order_id = order_change.order_id AND in_scope(a.area_path))"""


# The words on an order's row are always those of its newest change: none is changed unseen.
KEPT_WORDS = """
CREATE FUNCTION hold_order_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM (
            SELECT after FROM order_change WHERE order_id = NEW.id
            ORDER BY made_at DESC, id DESC LIMIT 1
        ) newest
        WHERE after ->> 'what' = NEW.what AND after ->> 'where' = NEW."where"
          AND (after ->> 'due_at')::timestamptz IS NOT DISTINCT FROM NEW.due_at
    ) THEN
        RAISE EXCEPTION 'an order is changed by an order_change only'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept_words BEFORE UPDATE ON dispatch_order
FOR EACH ROW EXECUTE FUNCTION hold_order_words();
"""


def record(table: str, *columns: sa.Column[object]) -> None:
    made = sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
    )
    path = sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)
    op.create_table(table, sa.Column("id", sa.Uuid(), primary_key=True), made, path, *columns)


def link(name: str, target: str, *, null: bool = False, index: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(target), nullable=null, index=index)


def text(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    standing = sa.Column("standing", sa.Text(), nullable=False, server_default="in_force")
    op.add_column("dispatch_order", standing)
    record(
        "order_change",
        link("order_id", "dispatch_order.id", index=True),
        link("hop_id", "assignment.id", null=True),
        text("kind"),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        text("why"),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        text("by_name"),
        text("by_phone"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    record(
        "change_notice",
        link("change_id", "order_change.id", index=True),
        link("assignment_id", "assignment.id"),
        link("order_id", "dispatch_order.id", index=True),
        text("answer", null=True),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        text("answer_name", null=True),
    )
    op.create_unique_constraint(
        "uq_change_notice_assignment_id_change_id", "change_notice", ["assignment_id", "change_id"]
    )
    op.add_column("assignment_step", link("notice_id", "change_notice.id", null=True))
    op.create_index("ix_assignment_step_notice_id", "assignment_step", ["notice_id"])
    guard_all()


def guard_all() -> None:
    guard("order_change", read=SEEN, insert=COMMANDS, append_only=True)
    guard("change_notice", insert=COMMANDS, append_only=True)
    # Of an order only its words and how it stands change; of a notice only its answer is shown.
    op.execute(
        "CREATE POLICY dispatch_order_update ON dispatch_order FOR UPDATE"
        f" USING ({COMMANDS}) WITH CHECK ({COMMANDS})"
    )
    op.execute(f'GRANT UPDATE (what, "where", due_at, standing) ON dispatch_order TO {APP_ROLE}')
    op.execute(KEPT_WORDS)
    op.execute(
        "CREATE POLICY change_notice_update ON change_notice FOR UPDATE"
        " USING (is_system()) WITH CHECK (is_system())"
    )
    op.execute(f"GRANT UPDATE (answer, answered_at, answer_name) ON change_notice TO {APP_ROLE}")


def downgrade() -> None:
    op.execute("DROP TRIGGER kept_words ON dispatch_order; DROP FUNCTION hold_order_words()")
    op.drop_column("assignment_step", "notice_id")
    op.drop_table("change_notice")
    op.drop_table("order_change")
    op.execute("DROP POLICY dispatch_order_update ON dispatch_order")
    op.execute(f'REVOKE UPDATE (what, "where", due_at, standing) ON dispatch_order FROM {APP_ROLE}')
    op.drop_column("dispatch_order", "standing")
