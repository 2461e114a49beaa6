"""Hours of readings, and the months whose readings were added up by the hour and dropped.

Revision ID: 0138
Revises: 0150
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0138"
down_revision = "0150"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OF_STREAM = "EXISTS (SELECT FROM datastream d WHERE d.number = stream)"
# The application owns nothing, so the database itself drops what was added up; and only for the
# program, and never what rules may still look back at.
THIN = f"""
CREATE FUNCTION reading_thin(month date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    name text := 'reading_' || to_char(first, 'YYYYMM');
    added bigint;
BEGIN
    IF NOT is_system() OR first + interval '1 month' > now() - interval '60 days' THEN
        RAISE insufficient_privilege USING MESSAGE = 'this month is not to be thinned';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('reading_thin'));
    IF to_regclass(name) IS NULL OR EXISTS (SELECT FROM thinned_month t WHERE t.month = first) THEN
        RETURN 0;
    END IF;
    -- Whoever brings a late reading now waits, and is kept in a table of its own.
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', name);
    EXECUTE format(
        'CREATE TABLE IF NOT EXISTS %I PARTITION OF reading_hour FOR VALUES FROM (%L) TO (%L)',
        'reading_hour_' || to_char(first, 'YYYY'),
        date_trunc('year', first)::timestamp AT TIME ZONE 'UTC',
        (date_trunc('year', first) + interval '1 year')::timestamp AT TIME ZONE 'UTC');
    EXECUTE format(
        'INSERT INTO reading_hour (stream, hour, believed, odd, low, high, total)
        SELECT stream, date_trunc(''hour'', observed_at, ''UTC''), count(*) FILTER (WHERE good),
            count(*) FILTER (WHERE NOT good), min(value) FILTER (WHERE good),
            max(value) FILTER (WHERE good), sum(value) FILTER (WHERE good)
        FROM (SELECT *, flags & 63 = 0 AS good FROM %I) AS r GROUP BY 1, 2', name);
    EXECUTE format('SELECT count(*) FROM %I', name) INTO added;
    EXECUTE format('DROP TABLE %I', name);
    INSERT INTO thinned_month (month, readings, thinned_at) VALUES (first, added, now());
    RETURN added;
END $$;
CREATE FUNCTION reading_hours_drop(before date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE
    name text;
BEGIN
    IF NOT is_system() OR before > now() - interval '1 year' THEN
        RAISE insufficient_privilege USING MESSAGE = 'these hours are not to be dropped';
    END IF;
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'reading_hour'::regclass
            AND right(c.relname, 4)::integer < extract(year FROM before)
    LOOP
        EXECUTE format('DROP TABLE %I', name);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION reading_thin(date), reading_hours_drop(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reading_thin(date), reading_hours_drop(date) TO {APP_ROLE};
"""  # noqa: S608 - our own role's name


def upgrade() -> None:
    op.create_table(
        "reading_hour",
        sa.Column("stream", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hour", MOMENT, primary_key=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("believed", "odd")),
        *(sa.Column(name, sa.Float()) for name in ("low", "high", "total")),
        postgresql_partition_by="RANGE (hour)",
    )
    guard("reading_hour", read=OF_STREAM, insert="is_system()", append_only=True)
    op.create_table(
        "thinned_month",
        sa.Column("month", sa.Date(), primary_key=True),
        sa.Column("readings", sa.BigInteger(), nullable=False),
        sa.Column("thinned_at", MOMENT, nullable=False),
    )
    guard("thinned_month", read="true", insert="is_system()", append_only=True)
    op.execute(THIN)


def downgrade() -> None:
    op.execute("DROP FUNCTION reading_hours_drop(date)")
    op.execute("DROP FUNCTION reading_thin(date)")
    op.drop_table("thinned_month")
    op.drop_table("reading_hour")
