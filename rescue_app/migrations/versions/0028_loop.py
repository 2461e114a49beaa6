"""The closed loop of a finding: whose it is, by when, and each hop on the way.

Revision ID: 0028
Revises: 0027
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard_reference

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MINUTES = ("accept_min", "finish_min", "verify_min", "feed_back_min")


def words(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False, server_default="") for name in names]


def times(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.DateTime(timezone=True)) for name in names]


def flags(*names: str) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()) for name in names
    ]


def of_finding() -> list[sa.Column[Any]]:
    return [
        *words("routed_by", "unit_name", "unit_name_en", "unit_path"),
        sa.Column("unit_id", sa.Uuid(), index=True),
        *flags("owned", "awaits_ruling"),
        *times("unowned_since", "due_at"),
        sa.Column("unowned_s", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("called_on", sa.Date()),
        sa.Column("call_ref", sa.Uuid()),
    ]


def of_step() -> list[sa.Column[Any]]:
    return [
        sa.Column("unit_id", sa.Uuid()),
        *words("unit_name", "unit_name_en"),
        sa.Column("code_id", sa.Uuid(), sa.ForeignKey("risk_code.id")),
        sa.Column("place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)),
        sa.Column("distance_m", sa.Float()),
    ]


def upgrade() -> None:
    op.create_table(
        "finding_deadline",
        sa.Column("grade", sa.Integer(), primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in MINUTES),
        sa.Column("calls_at_once", sa.Boolean(), nullable=False),
    )
    guard_reference("finding_deadline")
    for column in of_finding():
        op.add_column("finding", column)
    for column in of_step():
        op.add_column("finding_step", column)
    op.create_index(
        "ix_finding_due_at", "finding", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_table("finding_deadline")
    for column in of_finding():
        op.drop_column("finding", column.name)
    for column in of_step():
        op.drop_column("finding_step", column.name)
