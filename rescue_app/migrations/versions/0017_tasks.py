"""Tasks: what is due at which point, what was answered, who was given what.

Revision ID: 0017
Revises: 0016
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OWED = "state IN ('open', 'begun')"
ASSIGNS = """in_scope(area_path) AND (is_system() OR scope_role() LIKE '%commander'
    OR scope_role() = 'planner')"""
# Where each place of the ledger stands: the nearest area at or above it that has a mode decides.
PLACES_STANDING = """
CREATE FUNCTION places_standing(low text, high text, changed timestamptz, at timestamptz)
RETURNS TABLE (path text, mode text, since timestamptz) LANGUAGE sql STABLE AS $$
    SELECT paths.path, coalesce(m.mode, 'peace'), m.since
    FROM (SELECT DISTINCT area_path AS path FROM hazard_point
          WHERE area_path >= low COLLATE "C" AND area_path < high COLLATE "C"
            AND changed_at >= changed) AS paths
    LEFT JOIN LATERAL (
        SELECT a.mode, lower(a.period) AS since FROM area_mode a
        WHERE starts_with(paths.path, a.area_path) AND a.period @> at
        ORDER BY length(a.area_path) DESC LIMIT 1) AS m ON true $$
"""
LISTS_DUE = """
CREATE FUNCTION lists_due(rows jsonb) RETURNS TABLE (
    template_code text, version int, category text, hazard_type text, holds_in text, mode text,
    role text, period text, per_emergency boolean, from_at timestamptz, due_at timestamptz)
LANGUAGE sql IMMUTABLE AS $$ SELECT * FROM jsonb_to_recordset(rows) AS d (
    template_code text, version int, category text, hazard_type text, holds_in text, mode text,
    role text, period text, per_emergency boolean, from_at timestamptz, due_at timestamptz) $$
"""


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def some_id(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=null)


def moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def path(*, index: bool) -> sa.Column[Any]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=index)


def born() -> sa.Column[Any]:
    now = sa.func.now()
    return sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False)


def upgrade() -> None:
    op.execute(PLACES_STANDING)
    op.execute(LISTS_DUE)
    make_task()
    make_answer()
    make_round()
    make_assignment()


def make_task() -> None:
    made = sa.text("gen_random_uuid()")
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=made),
        born(),
        some_id("point_id"),
        text("template_code"),
        sa.Column("template_version", sa.Integer(), nullable=False),
        text("period"),
        path(index=False),
        text("mode"),
        text("role"),
        some_id("account_id", null=True),
        text("person"),
        moment("from_at"),
        moment("due_at"),
        sa.Column("state", sa.Text(), nullable=False, server_default="open"),
        *(moment(f"{n}_at", null=True) for n in ("begun", "done", "arrived")),
        some_id("done_by_id", null=True),
        text("done_by", null=True),
        some_id("answer_id", null=True),
        sa.Column("filled", postgresql.JSONB(), nullable=False, server_default="{}"),
        sa.Column("worst_grade", sa.SmallInteger()),
        moment("cancelled_at", null=True),
        text("cancelled_why", null=True),
        some_id("call_ref", null=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.UniqueConstraint(
            "point_id", "template_code", "period", name="uq_task_point_id_template_code_period"
        ),
        sa.CheckConstraint("state IN ('open', 'begun', 'done', 'cancelled')", name="ck_task_state"),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_why IS NOT NULL)", name="ck_task_cancelled"
        ),
    )
    index_task()
    guard("task")
    op.execute(f"REVOKE DELETE ON task FROM {APP_ROLE}")


def index_task() -> None:
    part("ix_task_owed", "task", ["area_path", "due_at"], OWED)
    mine = f"{OWED} AND account_id IS NOT NULL"
    part("ix_task_owed_account_id", "task", ["account_id"], mine)
    part("ix_task_uncalled", "task", ["due_at"], f"{OWED} AND call_ref IS NULL")
    part("ix_task_done", "task", ["area_path", "done_at"], "state = 'done'")
    part("ix_task_cancelled", "task", ["area_path"], "state = 'cancelled'")
    part("ix_task_call_ref", "task", ["call_ref"], "call_ref IS NOT NULL")


def part(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where))


def make_answer() -> None:
    op.create_table(
        "task_answer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        born(),
        some_id("task_id"),
        some_id("point_id"),
        path(index=True),
        text("template_code"),
        sa.Column("template_version", sa.Integer(), nullable=False),
        some_id("actor_id"),
        text("actor_name"),
        text("outcome"),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        text("note"),
        sa.Column("worst_grade", sa.SmallInteger()),
        sa.Column("stop", sa.Boolean(), nullable=False),
        text("late", null=True),
        moment("done_at"),
        moment("received_at"),
        sa.Column("clock_off_s", sa.Integer(), nullable=False),
        sa.Column("place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)),
        sa.Column("accuracy_m", sa.Float()),
        sa.Column("distance_m", sa.Float()),
        sa.Column("far", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_task_answer_point_id_done_at", "task_answer", ["point_id", "done_at"])
    op.create_index("ix_task_answer_task_id", "task_answer", ["task_id"])
    part("ix_task_answer_bad", "task_answer", ["area_path", "done_at"], "worst_grade IS NOT NULL")
    guard("task_answer", append_only=True)


def make_round() -> None:
    op.create_table(
        "task_round",
        sa.Column("area_path", sa.Text(collation="C"), primary_key=True),
        text("digest"),
        moment("made_at"),
    )
    guard("task_round", read="is_system()", write="is_system()")


def make_assignment() -> None:
    op.create_table(
        "task_assignment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        born(),
        path(index=True),
        some_id("account_id", null=True),
        text("person"),
        sa.Column("moved", postgresql.JSONB(), nullable=False),
        some_id("by_id"),
        text("by_name"),
        moment("undone_at", null=True),
    )
    guard("task_assignment", write=ASSIGNS)
    op.execute(f"REVOKE DELETE ON task_assignment FROM {APP_ROLE}")


def downgrade() -> None:
    for table in ("task_assignment", "task_round", "task_answer", "task"):
        op.drop_table(table)
    op.execute("DROP FUNCTION lists_due(jsonb)")
    op.execute("DROP FUNCTION places_standing(text, text, timestamptz, timestamptz)")
