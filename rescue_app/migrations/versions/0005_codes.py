"""Assets, their codes, inspections and findings.

Revision ID: 0005
Revises: 0004
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard, guard_reference

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MINE = "in_scope(area_path)"
# Whoever scans a label without signing in reads what it hangs on, and nothing else.
MINE_OR_SCANNED = "in_scope(area_path) OR scope_role() = 'resident'"
# An observer sees; the database itself holds that he changes nothing.
MINE_TO_CHANGE = "in_scope(area_path) AND scope_role() <> 'observer'"


def upgrade() -> None:
    make_reference()
    make_asset()
    make_risk_code()
    make_code_key()
    make_inspection()
    make_finding()
    make_finding_step()


def birth() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
    ]


def words(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def times(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=nullable) for name in names]


def area_path() -> sa.Column[Any]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)


def spot(name: str) -> sa.Column[Any]:
    return sa.Column(name, geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False))


def make_reference() -> None:
    op.create_table(
        "asset_type",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        *words("icon", "geometry", "name_zh", "name_en"),
        sa.Column("measures", postgresql.JSONB(), nullable=False),
    )
    op.create_table(
        "public_line",
        sa.Column("number", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        *words("name_zh", "name_en"),
    )
    guard_reference("asset_type")
    guard_reference("public_line")


def make_asset() -> None:
    op.create_table(
        "asset",
        *birth(),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False, unique=True),
        sa.Column(
            "type_code", sa.Text(), sa.ForeignKey("asset_type.code"), nullable=False, index=True
        ),
        *words("name", "street", "owner_unit", "owner_phone", "rank"),
        sa.Column(
            "place",
            geoalchemy2.Geometry("GEOMETRY", srid=4326, spatial_index=False),
            nullable=False,
        ),
        area_path(),
        sa.Column("built_year", sa.Integer()),
        sa.Column("source", sa.Text()),
        sa.Column("source_id", sa.Text()),
        sa.Column("worst_open_grade", sa.Integer()),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("source", "source_id", name="uq_asset_source_source_id"),
    )
    op.create_index("idx_asset_place", "asset", ["place"], postgresql_using="gist")
    op.create_index("ix_asset_area_path_type_code", "asset", ["area_path", "type_code"])
    guard("asset", read=MINE_OR_SCANNED, write=MINE_TO_CHANGE)
    op.execute(f"REVOKE DELETE ON asset FROM {APP_ROLE}")


def make_risk_code() -> None:
    op.create_table(
        "risk_code",
        *birth(),
        sa.Column("asset_id", sa.Uuid(), sa.ForeignKey("asset.id"), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, unique=True),
        sa.Column("key_id", sa.Integer(), nullable=False),
        *words("state", "hangs_at", "reason"),
        area_path(),
        *times("printed_at"),
        *times("mounted_at", "damaged_at", "replaced_at", "revoked_at", nullable=True),
        spot("mounted_place"),
        sa.UniqueConstraint("asset_id", "issue", name="uq_risk_code_asset_id_issue"),
    )
    op.create_index(
        "uq_risk_code_one_in_force",
        "risk_code",
        ["asset_id"],
        unique=True,
        postgresql_where=sa.text("state in ('printed', 'mounted', 'damaged')"),
    )
    guard("risk_code", read=MINE_OR_SCANNED, write=MINE_TO_CHANGE)
    op.execute(f"REVOKE DELETE ON risk_code FROM {APP_ROLE}")


def make_code_key() -> None:
    op.create_table(
        "code_key",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        *times("made_at"),
    )
    guard("code_key", read="is_system()", write="is_system()")


def make_inspection() -> None:
    op.create_table(
        "inspection",
        *birth(),
        sa.Column("asset_id", sa.Uuid(), sa.ForeignKey("asset.id"), nullable=False),
        sa.Column("code_id", sa.Uuid(), sa.ForeignKey("risk_code.id")),
        area_path(),
        *words("template_code", "actor_name", "outcome", "note"),
        sa.Column("actor_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        *times("done_at", "received_at"),
        sa.Column("clock_off_s", sa.Integer(), nullable=False),
        spot("place"),
        sa.Column("accuracy_m", sa.Float()),
        sa.Column("distance_m", sa.Float()),
        sa.Column("far", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_inspection_asset_id_done_at", "inspection", ["asset_id", "done_at"])
    guard("inspection", read=MINE, write=MINE_TO_CHANGE, append_only=True)


def make_finding() -> None:
    op.create_table(
        "finding",
        *birth(),
        sa.Column("asset_id", sa.Uuid(), sa.ForeignKey("asset.id"), nullable=False, index=True),
        area_path(),
        *words("template_code", "item_code", "text_zh", "text_en", "answer", "note", "state"),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("found_by", sa.Uuid(), nullable=False),
        *words("found_by_name"),
        *times("found_at", "seen_at"),
        sa.Column("times_seen", sa.Integer(), nullable=False),
        *times("closed_at", nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_finding_area_path_state", "finding", ["area_path", "state"])
    op.create_index(
        "uq_finding_open_defect",
        "finding",
        ["asset_id", "template_code", "item_code"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL AND item_code <> 'other'"),
    )
    guard("finding", read=MINE, write=MINE_TO_CHANGE)
    op.execute(f"REVOKE DELETE ON finding FROM {APP_ROLE}")


def make_finding_step() -> None:
    op.create_table(
        "finding_step",
        *birth(),
        sa.Column("finding_id", sa.Uuid(), sa.ForeignKey("finding.id"), nullable=False, index=True),
        area_path(),
        *words("act", "state", "actor_name", "note"),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        *times("done_at", "received_at"),
        sa.Column("inspection_id", sa.Uuid(), index=True),
    )
    guard("finding_step", read=MINE, write=MINE_TO_CHANGE, append_only=True)


def downgrade() -> None:
    for table in ("finding_step", "finding", "inspection", "code_key", "risk_code", "asset"):
        op.drop_table(table)
    op.drop_table("public_line")
    op.drop_table("asset_type")
