"""Assets say more, are changed and retired, and keep every state they had.

Revision ID: 0026
Revises: 0025
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NO_ONE = "00000000-0000-0000-0000-000000000000"
WRITTEN = (
    "type_code, name, place, owner_unit, owner_phone, maintainer, rank, built_year, source,"
    " source_id, facts, retired_at, retired_reason"
)
COLUMNS = [name.strip() for name in WRITTEN.split(",")]
KEPT = [*COLUMNS, "area_path", "street", "version", "changed_at", "changed_by", "changed_by_name"]


def listed(table: str, names: list[str]) -> str:
    return ", ".join(f"{table}.{name}" for name in names)


# One statement per change, however many rows. The function belongs to the owner: the application
# can neither forge nor skip a version. Moved boundaries and open findings are no new version.
KEEP_VERSIONS = f"""
CREATE FUNCTION keep_asset_versions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    IF EXISTS (SELECT FROM was FULL JOIN became USING (id)
               WHERE became.version IS NULL OR became.version NOT IN (was.version, was.version + 1)
                  OR became.version = was.version AND ({listed("became", COLUMNS)})
                     IS DISTINCT FROM ({listed("was", COLUMNS)})) THEN
        RAISE EXCEPTION 'a change of asset must raise its version by one';
    END IF;
    INSERT INTO asset_version (asset_id, replaced_at, {", ".join(KEPT)})
    SELECT was.id, became.changed_at, {listed("was", KEPT)}
    FROM was JOIN became USING (id) WHERE became.version > was.version;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_versions AFTER UPDATE ON asset
REFERENCING OLD TABLE AS was NEW TABLE AS became
FOR EACH STATEMENT EXECUTE FUNCTION keep_asset_versions();
"""  # noqa: S608 - made of this file's own words


def added() -> list[sa.Column[Any]]:
    return [
        sa.Column("maintainer", sa.Text(), nullable=False, server_default=""),
        sa.Column("facts", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.Column("retired_reason", sa.Text(), nullable=False, server_default=""),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column("changed_by", sa.Uuid(), nullable=False, server_default=NO_ONE),
        sa.Column("changed_by_name", sa.Text(), nullable=False, server_default=""),
    ]


def texts(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def upgrade() -> None:
    op.add_column(
        "asset_type",
        sa.Column("fields", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")),
    )
    for column in added():
        op.add_column("asset", column)
    op.add_column("asset", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    make_history()


def make_history() -> None:
    op.create_table(
        "asset_version",
        sa.Column("asset_id", sa.Uuid(), sa.ForeignKey("asset.id"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        *texts("type_code", "name", "street", "owner_unit", "owner_phone", "rank"),
        *texts("source", "source_id", nullable=True),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("built_year", sa.Integer()),
        sa.Column(
            "place",
            geoalchemy2.Geometry("GEOMETRY", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        *added(),
    )
    guard("asset_version", append_only=True)
    op.execute(f"REVOKE INSERT ON asset_version FROM {APP_ROLE}")
    op.execute(KEEP_VERSIONS)


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_versions ON asset")
    op.execute("DROP FUNCTION keep_asset_versions()")
    op.drop_table("asset_version")
    for column in ("version", *(column.name for column in added())):
        op.drop_column("asset", column)
    op.drop_column("asset_type", "fields")
