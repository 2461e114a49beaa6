"""Units, people, crews.

Revision ID: 0006
Revises: 0005
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COMMANDS = "(is_system() OR scope_role() LIKE '%commander') AND in_scope(area_path)"


def record(*columns: sa.Column[Any]) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        *columns,
    )


def text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def link(name: str, target: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(target), nullable=False, index=True)


def place() -> sa.Column[Any]:
    return sa.Column("place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False))


def upgrade() -> None:
    names = text("name"), text("name_en")
    op.create_table("unit", *record(*names, text("kind"), text("level"), text("phone"), place()))
    op.create_index("idx_unit_place", "unit", ["place"], postgresql_using="gist")
    op.create_index("ix_unit_kind_area_path", "unit", ["kind", "area_path"])
    # The number of a command centre is public: a resident calls it from a scanned code.
    guard("unit", read="in_scope(area_path) OR kind = 'centre'", write=COMMANDS)
    op.create_table(
        "member",
        *record(
            text("name"),
            text("post"),
            text("phone"),
            link("unit_id", "unit.id"),
            sa.Column("account_id", sa.Uuid(), index=True),
        ),
    )
    guard("member", write=COMMANDS)
    make_crews()


def make_crews() -> None:
    op.create_table(
        "crew",
        *record(
            text("name"),
            text("name_en"),
            link("unit_id", "unit.id"),
            sa.Column("skills", sa.ARRAY(sa.Text()), nullable=False),
            place(),
            sa.Column("on_duty_since", sa.DateTime(timezone=True)),
        ),
    )
    op.create_index("idx_crew_place", "crew", ["place"], postgresql_using="gist")
    guard("crew", write=COMMANDS)
    op.create_table(
        "crew_seat",
        sa.Column("crew_id", sa.Uuid(), sa.ForeignKey("crew.id"), primary_key=True),
        sa.Column("member_id", sa.Uuid(), sa.ForeignKey("member.id"), primary_key=True, index=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("leads", sa.Boolean(), nullable=False),
    )
    guard("crew_seat", write=COMMANDS)


def downgrade() -> None:
    for table in ("crew_seat", "crew", "member", "unit"):
        op.drop_table(table)
