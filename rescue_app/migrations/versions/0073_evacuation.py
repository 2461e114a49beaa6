"""Households, rosters of those who are moved out, and the log of each move.

Revision ID: 0073
Revises: 0054
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0073"
down_revision = "0054"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Names and phones of households are for those who move them, not for every reader of the area.
KEEPERS = "('city_commander', 'district_commander', 'street_commander', 'planner')"
MOVERS = "('city_commander', 'district_commander', 'street_commander', 'patrol', 'crew')"
KEEPS = f"in_scope(area_path) AND (is_system() OR scope_role() IN {KEEPERS})"
MOVES = f"in_scope(area_path) AND (is_system() OR scope_role() IN {MOVERS})"
# A crew sees the roster on which a household of its area stands, though it is a wider area's.
SEES = """in_scope(area_path) OR EXISTS (
    SELECT FROM evacuation_move m WHERE m.evacuation_id = evacuation.id)"""


def record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
    ]


def people(*, place_index: bool) -> list[sa.Column[object]]:
    point = geoalchemy2.Geometry("POINT", srid=4326, spatial_index=place_index)
    return [
        sa.Column("place", point, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("head", "phone", "address")),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("frail", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "household",
        *record(),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        *people(place_index=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by_name", sa.Text(), nullable=False),
        sa.UniqueConstraint("source", "source_id", name="uq_household_source_source_id"),
        sa.CheckConstraint("people > 0 AND frail BETWEEN 0 AND people", name="people"),
    )
    guard("household", read=KEEPS, write=KEEPS)
    rosters()
    moves()


def rosters() -> None:
    op.create_table(
        "evacuation",
        *record(),
        sa.Column(
            "incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), nullable=False, unique=True
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("radius_m", sa.Integer()),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("cleared_at", MOMENT),
        sa.Column("cleared_by", sa.Uuid()),
        sa.Column("cleared_by_name", sa.Text()),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
    )


def moves() -> None:
    op.create_table(
        "evacuation_move",
        *record(),
        sa.Column("evacuation_id", sa.Uuid(), sa.ForeignKey("evacuation.id"), nullable=False),
        sa.Column(
            "household_id", sa.Uuid(), sa.ForeignKey("household.id"), nullable=False, index=True
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        *people(place_index=False),
        sa.Column("crew_id", sa.Uuid(), sa.ForeignKey("crew.id"), index=True),
        sa.Column("shelter_id", sa.Uuid(), sa.ForeignKey("asset.id"), index=True),
        sa.Column("shelter_m", sa.Double()),
        sa.UniqueConstraint("evacuation_id", "household_id"),
    )
    op.create_table(
        "evacuation_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "move_id", sa.Uuid(), sa.ForeignKey("evacuation_move.id"), nullable=False, index=True
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("confirms", sa.Uuid(), sa.ForeignKey("evacuation_step.id")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("note", "by_name")),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
    )
    guard("evacuation_move", read=MOVES, write=MOVES)
    guard("evacuation_step", read=MOVES, write=MOVES, append_only=True)
    guard("evacuation", read=SEES, write="in_scope(area_path)")
    for table in ("evacuation", "evacuation_move"):
        op.execute(f"REVOKE DELETE ON {table} FROM {APP_ROLE}")


def downgrade() -> None:
    op.execute("DROP POLICY evacuation_read ON evacuation")
    for table in ("evacuation_step", "evacuation_move", "evacuation", "household"):
        op.drop_table(table)
