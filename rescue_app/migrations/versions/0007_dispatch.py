"""Incidents and orders.

Revision ID: 0007
Revises: 0006
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COMMANDS = "(is_system() OR scope_role() LIKE '%commander') AND in_scope(area_path)"
# An order goes down: whoever has a hop of it in his area sees it, and what it is given for.
ORDER_SEEN = """in_scope(area_path) OR EXISTS (
    SELECT FROM assignment a WHERE a.order_id = dispatch_order.id AND in_scope(a.area_path))"""
INCIDENT_SEEN = """in_scope(area_path) OR EXISTS (
    SELECT FROM dispatch_order o WHERE o.incident_id = incident.id)"""
PROJECTED = "state, state_at, answered_at, answer_name, answer_phone, answer_note"


def record(*columns: sa.Column[Any]) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        area_path(),
        *columns,
    )


def area_path() -> sa.Column[Any]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def link(name: str, target: str, *, null: bool = False, index: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(target), nullable=null, index=index)


def place(*, null: bool = True) -> sa.Column[Any]:
    kind = geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)
    return sa.Column("place", kind, nullable=null)


def upgrade() -> None:
    make_incident()
    make_order()
    make_assignment()
    make_step()
    guard_all()


def make_incident() -> None:
    op.create_table(
        "incident",
        *record(
            text("hazard_type"),
            text("title"),
            place(null=False),
            text("grade", null=True),
            text("source"),
            sa.Column("opened_by", sa.Uuid(), nullable=False),
            text("opened_by_name"),
            moment("opened_at"),
            sa.Column("closed_by", sa.Uuid()),
            moment("closed_at", null=True),
            flag("is_drill"),
            flag("synthetic"),
        ),
    )
    op.create_index("idx_incident_place", "incident", ["place"], postgresql_using="gist")


def make_order() -> None:
    op.create_table(
        "dispatch_order",
        *record(
            link("incident_id", "incident.id", null=True),
            text("what"),
            text("where"),
            place(),
            moment("due_at", null=True),
            text("urgency"),
            sa.Column("answer_within_s", sa.Integer(), nullable=False),
            sa.Column("issued_by", sa.Uuid(), nullable=False),
            *(text(f"issuer_{part}") for part in ("name", "phone", "centre", "centre_en")),
            moment("issued_at"),
            text("fingerprint"),
            flag("is_drill"),
            flag("synthetic"),
        ),
    )
    op.create_index(
        "idx_dispatch_order_place", "dispatch_order", ["place"], postgresql_using="gist"
    )


def make_assignment() -> None:
    op.create_table(
        "assignment",
        *record(
            link("order_id", "dispatch_order.id"),
            link("parent_id", "assignment.id", null=True),
            text("holder"),
            text("level"),
            link("unit_id", "unit.id"),
            link("crew_id", "crew.id", null=True, index=False),
            text("name"),
            text("name_en"),
            text("phone"),
            text("giver_path"),
            text("giver_name"),
            text("giver_phone"),
            moment("began_at"),
            moment("answer_due_at"),
            text("state"),
            moment("state_at"),
            moment("answered_at", null=True),
            *(text(f"answer_{part}", null=True) for part in ("name", "phone", "note")),
        ),
    )
    op.create_index("ix_assignment_area_path_state", "assignment", ["area_path", "state"])
    op.create_index("ix_assignment_crew_id_began_at", "assignment", ["crew_id", "began_at"])


def make_step() -> None:
    op.create_table(
        "assignment_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        link("assignment_id", "assignment.id"),
        link("order_id", "dispatch_order.id", index=False),
        area_path(),
        text("kind"),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        text("by_name"),
        text("by_phone"),
        moment("done_at"),
        moment("received_at"),
        place(),
        text("note"),
    )
    op.create_index(
        "ix_assignment_step_order_id_received_at", "assignment_step", ["order_id", "received_at"]
    )


def guard_all() -> None:
    guard("assignment", insert=COMMANDS, append_only=True)
    # A hop is never rewritten; only what its log adds up to is kept beside it.
    op.execute(
        "CREATE POLICY assignment_update ON assignment FOR UPDATE"
        " USING (in_scope(area_path)) WITH CHECK (in_scope(area_path))"
    )
    op.execute(f"GRANT UPDATE ({PROJECTED}) ON assignment TO {APP_ROLE}")
    guard("assignment_step", append_only=True)
    guard("dispatch_order", read=ORDER_SEEN, insert=COMMANDS, append_only=True)
    guard("incident", read=INCIDENT_SEEN, write=COMMANDS)


def downgrade() -> None:
    op.execute("DROP POLICY incident_read ON incident")
    op.execute("DROP POLICY dispatch_order_read ON dispatch_order")
    for table in ("assignment_step", "assignment", "dispatch_order", "incident"):
        op.drop_table(table)
