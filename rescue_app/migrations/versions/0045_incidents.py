"""Incidents with their area, source and log, joined and split; reports up, and their times.

Revision ID: 0045
Revises: 0044
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

COMMANDS = "(is_system() OR scope_role() LIKE '%commander') AND in_scope(area_path)"
# Whoever sees an incident, be it through an order, reads what was said about it.
WITH_INCIDENT = "in_scope(area_path) OR EXISTS (SELECT FROM incident i WHERE i.id = incident_id)"
CITY_SETS = "is_system() OR scope_role() = 'city_commander'"
NEW = ("extent", "source_ref", "told_by", "happened_at", "merged_into_id", "split_from_id",
       "reports", "report_kind", "report_due_at", "report_call_at", "report_call_ref")  # fmt: skip


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def number(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=null)


def kept(*columns: sa.Column[Any]) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), nullable=False, index=True
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        *columns,
    )


def upgrade() -> None:
    widen_incident()
    make_logs()
    op.create_table(
        "report_limit",
        sa.Column("grade", sa.Text(), primary_key=True),
        *(number(name) for name in ("first_min", "follow_up_min", "final_min")),
        text("up_to"),
        text("changed_by_name"),
    )
    guard("report_limit", read="true", write=CITY_SETS)
    op.execute(f"REVOKE DELETE ON report_limit FROM {APP_ROLE}")


def widen_incident() -> None:
    shape = geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)
    op.add_column("incident", sa.Column("extent", shape))
    op.add_column("incident", sa.Column("source_ref", sa.Uuid()))
    op.add_column("incident", sa.Column("told_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("incident", moment("happened_at", null=True))
    op.execute("UPDATE incident SET happened_at = opened_at")
    op.alter_column("incident", "happened_at", nullable=False)
    op.alter_column("incident", "told_by", server_default=None)
    for name, index in (("merged_into_id", True), ("split_from_id", False)):
        link = sa.Column(name, sa.Uuid(), sa.ForeignKey("incident.id"), index=index)
        op.add_column("incident", link)
    op.add_column(
        "incident", sa.Column("reports", sa.Integer(), server_default="0", nullable=False)
    )
    op.alter_column("incident", "reports", server_default=None)
    op.add_column("incident", text("report_kind", null=True))
    op.add_column("incident", moment("report_due_at", null=True))
    op.add_column("incident", moment("report_call_at", null=True))
    op.add_column("incident", sa.Column("report_call_ref", sa.Uuid()))
    op.create_index("ix_incident_report_call_at", "incident", ["report_call_at"])
    op.create_index(
        "uq_incident_source_ref", "incident", ["source", "source_ref"], unique=True,
        postgresql_where=sa.text("source_ref IS NOT NULL"),
    )  # fmt: skip
    op.create_check_constraint(
        "another", "incident", "merged_into_id <> id AND split_from_id <> id"
    )


def make_logs() -> None:
    op.create_table(
        "incident_step",
        *kept(
            sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
            text("kind"),
            moment("at"),
            sa.Column("by_id", sa.Uuid(), nullable=False),
            text("by_name"),
            text("note"),
            sa.Column("other_id", sa.Uuid()),
            sa.Column("facts", postgresql.JSONB(), nullable=False),
        ),
    )
    guard("incident_step", read=WITH_INCIDENT, insert=COMMANDS, append_only=True)
    op.create_table(
        "situation_report",
        *kept(
            number("number"),
            text("kind"),
            moment("due_at", null=True),
            moment("sent_at"),
            sa.Column("by_id", sa.Uuid(), nullable=False),
            *(text(name) for name in ("by_name", "by_phone", "from_path")),
            moment("happened_at"),
            text("grade", null=True),
            *(text(name) for name in ("source", "place", "nature", "extent")),
            *(number(name, null=True) for name in (
                "deaths", "missing", "injured", "trapped", "moved", "homes", "loss_10k_yuan")),
            *(text(name) for name in ("trend", "leaders", "measures", "requests")),
        ),
        sa.UniqueConstraint("incident_id", "number"),
    )  # fmt: skip
    guard("situation_report", read=WITH_INCIDENT, insert=COMMANDS, append_only=True)


def downgrade() -> None:
    for table in ("report_limit", "situation_report", "incident_step"):
        op.drop_table(table)
    for name in NEW:
        op.drop_column("incident", name)
