"""Ground: areas, the live log, the audit log, the application's role and its scope.

Revision ID: 0001
Revises:
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import (
    APP_ROLE,
    DROP_FUNCTIONS,
    FUNCTIONS,
    guard,
    guard_reference,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APP_ROLE_EXISTS = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        CREATE ROLE {APP_ROLE} LOGIN;
    END IF;
END $$;
GRANT {APP_ROLE} TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
"""

# A policy hides rows before any operator that may tell about them runs, and PostGIS marks none
# of its operators as safe: the GiST index would lie idle. `&&` compares boxes and raises nothing.
LEAKPROOF = "ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF"

AUDIT_HEAD = """
CREATE FUNCTION audit_head_seq() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS
$$ SELECT coalesce((SELECT seq FROM audit_entry ORDER BY seq DESC LIMIT 1), 0) $$;
CREATE FUNCTION audit_head_hash() RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS
$$ SELECT coalesce((SELECT hash FROM audit_entry ORDER BY seq DESC LIMIT 1),
                   decode(repeat('00', 32), 'hex')) $$;
GRANT EXECUTE ON FUNCTION audit_head_seq(), audit_head_hash() TO yitong_app;
"""


# A number that grows with every change of a topic: the version of the map tiles made from it.
# It counts what one may not see, too, and tells nothing else about it.
LIVE_SEQ = """
CREATE FUNCTION live_seq(asked text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public AS
$$ SELECT coalesce((SELECT seq FROM live_event WHERE topic = asked ORDER BY seq DESC LIMIT 1), 0) $$;
GRANT EXECUTE ON FUNCTION live_seq(text) TO yitong_app;
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute(LEAKPROOF)
    op.execute(APP_ROLE_EXISTS)
    op.execute(FUNCTIONS)
    make_area()
    make_live_event()
    make_audit_entry()


def make_area() -> None:
    op.create_table(
        "area",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_system", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), sa.ForeignKey("area.id"), index=True),
        sa.Column("path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("validity", postgresql.DATERANGE(), nullable=False),
        sa.Column("boundary", geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)),
        sa.Column("boundary_kind", sa.Text(), nullable=False),
        sa.Column("centre", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)),
        sa.Column("population", sa.Integer()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.UniqueConstraint(
            "code_system", "code", "validity", name="uq_area_code_system_code_validity"
        ),
    )
    op.create_index(
        "ix_area_boundary_validity", "area", ["boundary", "validity"], postgresql_using="gist"
    )
    op.create_index("idx_area_centre", "area", ["centre"], postgresql_using="gist")
    guard_reference("area")


def make_live_event() -> None:
    op.create_table(
        "live_event",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Uuid()),
        sa.Column("area_paths", sa.ARRAY(sa.Text()), nullable=False),
    )
    op.create_index("ix_live_event_at", "live_event", ["at"])
    op.create_index("ix_live_event_topic_seq", "live_event", ["topic", "seq"])
    op.execute(LIVE_SEQ)
    seen = "EXISTS (SELECT FROM unnest(area_paths) AS path WHERE in_scope(path))"
    guard("live_event", read=seen, write="true", append_only=True)


def make_audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid()),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
    )
    guard("audit_entry", write="true", append_only=True)
    op.execute(AUDIT_HEAD)


def downgrade() -> None:
    op.execute("DROP FUNCTION live_seq(text)")
    op.execute("DROP FUNCTION audit_head_hash(); DROP FUNCTION audit_head_seq()")
    for table in ("audit_entry", "live_event", "area"):
        op.drop_table(table)
    op.execute(DROP_FUNCTIONS)
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {APP_ROLE}")
