"""Stations, their streams, every reading that came, and the keys by which readings come.

Revision ID: 0107
Revises: 0097
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard, guard_reference

revision = "0107"
down_revision = "0097"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
# A stream shows whose its readings are; who does not see it sees none of them.
OF_STREAM = "EXISTS (SELECT FROM datastream d WHERE d.number = stream)"
# The application owns nothing, so the database makes the month that a reading lies in.
MONTH = f"""
CREATE FUNCTION reading_month(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
    first date := date_trunc('month', day)::date;
    name text := 'reading_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass(name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('reading_month'));
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS %I PARTITION OF reading FOR VALUES FROM (%L) TO (%L)',
            name, first::timestamp AT TIME ZONE 'UTC',
            (first + interval '1 month') AT TIME ZONE 'UTC');
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION reading_month(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reading_month(date) TO {APP_ROLE};
"""


def path() -> sa.Column[str]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)


def record() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
    )


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def number() -> sa.Column[int]:
    return sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False)


def upgrade() -> None:
    properties()
    stations()
    streams()
    readings()
    feeds()


def properties() -> None:
    op.create_table(
        "observed_property",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        *texts("name_zh", "name_en", "unit"),
        sa.Column("units", postgresql.JSONB(), nullable=False),
        sa.Column("adds", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("least", "most")),
        *(sa.Column(name, sa.Float()) for name in ("jump", "stuck_h")),
    )
    guard_reference("observed_property")


def stations() -> None:
    op.create_table(
        "monitoring_point",
        *record(),
        number(),
        *texts("source", "code", "name", "address"),
        sa.Column("place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False),
                  nullable=False),
        path(),
        *texts("keeper", "keeper_phone"),
        sa.Column("facts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("call_ref", sa.Uuid()),
    )  # fmt: skip
    op.create_index(
        "idx_monitoring_point_place", "monitoring_point", ["place"], postgresql_using="gist"
    )
    op.create_index(
        "uq_monitoring_point_source_code", "monitoring_point", ["source", "code"], unique=True
    )
    op.create_index("uq_monitoring_point_number", "monitoring_point", ["number"], unique=True)
    guard("monitoring_point")


def streams() -> None:
    op.create_table(
        "datastream",
        *record(),
        number(),
        sa.Column("point_id", sa.Uuid(),
                  sa.ForeignKey("monitoring_point.id", ondelete="CASCADE"), nullable=False),
        path(),
        sa.Column("property", sa.Text(), sa.ForeignKey("observed_property.code"), nullable=False),
        *texts("channel"),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("interval_s", "silent_after_s")
        ),
        *(sa.Column(name, MOMENT) for name in ("last_at", "same_since", "heard_at")),
        *(sa.Column(name, sa.Float()) for name in ("last_value", "doubted")),
        sa.Column("trouble", sa.Text()),
        sa.Column("trouble_since", MOMENT),
        postgresql_with={"fillfactor": 80},
    )  # fmt: skip
    unlike = ["point_id", "property", "channel"]
    op.create_index("uq_datastream_point_id", "datastream", unlike, unique=True)
    op.create_index("uq_datastream_number", "datastream", ["number"], unique=True)
    op.create_index(
        "ix_datastream_trouble", "datastream", ["area_path"],
        postgresql_where=sa.text("trouble IS NOT NULL"),
    )  # fmt: skip
    guard("datastream")


def readings() -> None:
    op.create_table(
        "reading",
        sa.Column("stream", sa.BigInteger(), nullable=False),
        sa.Column("observed_at", MOMENT, nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("said", sa.Text()),
        postgresql_partition_by="RANGE (observed_at)",
    )
    op.create_index(
        "uq_reading_stream", "reading", ["stream", "observed_at", "value"], unique=True,
        postgresql_nulls_not_distinct=True,
    )  # fmt: skip
    op.create_index("ix_reading_observed_at", "reading", ["observed_at"], postgresql_using="brin")
    guard("reading", read=OF_STREAM, insert="is_system()", append_only=True)
    op.execute(MONTH)


def feeds() -> None:
    op.create_table(
        "feed",
        *record(),
        *texts("name", "source"),
        path(),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        *texts("made_by_name"),
        *(sa.Column(name, MOMENT) for name in ("minute", "heard_at")),
        sa.Column("in_minute", sa.Integer(), server_default="0", nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
            for name in ("kept", "refused")
        ),
        sa.Column("last_refusal", sa.Text(), server_default="", nullable=False),
    )
    guard("feed")
    op.create_table(
        "feed_key",
        sa.Column("feed_id", sa.Uuid(), sa.ForeignKey("feed.id", ondelete="CASCADE"),
                  primary_key=True),
        path(),
        sa.Column("digest", sa.LargeBinary(), nullable=False, unique=True),
    )  # fmt: skip
    guard("feed_key", read="is_system()", write="is_system()")


def downgrade() -> None:
    for table in ("feed_key", "feed", "reading", "datastream", "monitoring_point",
                  "observed_property"):  # fmt: skip
        op.drop_table(table)
    op.execute("DROP FUNCTION reading_month(date)")
