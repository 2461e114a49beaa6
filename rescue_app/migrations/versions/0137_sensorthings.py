"""What SensorThings tells beside what was there: sensors, earlier places, numbers of readings.

Revision ID: 0137
Revises: 0131
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0137"
down_revision = "0131"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OF_STATION = "EXISTS (SELECT FROM monitoring_point p WHERE p.number = station)"
# Whoever writes a station writes its place; nobody else writes where it stood.
KEEP_PLACE = """
CREATE FUNCTION keep_station_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE station_place SET until = now() WHERE station = NEW.number AND until IS NULL;
    END IF;
    INSERT INTO station_place (station, place, since) VALUES (NEW.number, NEW.place, now());
    RETURN NULL;
END $$;
CREATE TRIGGER keep_first_place AFTER INSERT ON monitoring_point
    FOR EACH ROW EXECUTE FUNCTION keep_station_place();
CREATE TRIGGER keep_next_place AFTER UPDATE OF place ON monitoring_point
    FOR EACH ROW WHEN (NOT ST_OrderingEquals(OLD.place, NEW.place))
    EXECUTE FUNCTION keep_station_place();
"""


def number() -> sa.Column[int]:
    return sa.Column("number", sa.BigInteger(), sa.Identity(), primary_key=True)


def properties() -> sa.Column[object]:
    return sa.Column(
        "properties", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False
    )


def upgrade() -> None:
    op.add_column(
        "observed_property",
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
    )
    op.create_unique_constraint("uq_observed_property_number", "observed_property", ["number"])
    places()
    sensors()
    numbers()


def places() -> None:
    op.create_table(
        "station_place",
        number(),
        sa.Column("station", sa.BigInteger(),
                  sa.ForeignKey("monitoring_point.number", ondelete="CASCADE"),
                  nullable=False, index=True),
        sa.Column("place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False),
                  nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
    )  # fmt: skip
    op.create_index("idx_station_place_place", "station_place", ["place"], postgresql_using="gist")
    guard("station_place", read=OF_STATION, insert="is_system()", append_only=True)
    op.execute("""
        INSERT INTO station_place (station, place, since)
        SELECT number, place, created_at FROM monitoring_point ORDER BY number
    """)
    op.execute(KEEP_PLACE)


def sensors() -> None:
    op.create_table(
        "sensor",
        number(),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("source", "name", "description", "encoding_type", "told")
        ),
        properties(),
    )
    guard("sensor")
    op.add_column("datastream", sa.Column("name", sa.Text()))
    op.add_column("datastream", sa.Column("description", sa.Text()))
    op.add_column("datastream", properties())
    op.add_column(
        "datastream", sa.Column("sensor", sa.BigInteger(), sa.ForeignKey("sensor.number"))
    )
    op.create_index("ix_datastream_sensor", "datastream", ["sensor"])
    op.add_column("datastream", sa.Column("first_at", MOMENT))
    op.execute("""
        UPDATE datastream d SET first_at = r.at
        FROM (SELECT stream, min(observed_at) AS at FROM reading GROUP BY stream) r
        WHERE r.stream = d.number
    """)


def numbers() -> None:
    op.execute("CREATE SEQUENCE reading_number CACHE 100")
    op.add_column(
        "reading",
        sa.Column("number", sa.BigInteger(), server_default=sa.text("nextval('reading_number')"),
                  nullable=False),
    )  # fmt: skip
    op.execute("ALTER SEQUENCE reading_number OWNED BY reading.number")
    op.execute(f"GRANT USAGE ON SEQUENCE reading_number TO {APP_ROLE}")
    op.create_index("ix_reading_number", "reading", ["number"], postgresql_using="brin")


def downgrade() -> None:
    op.drop_column("reading", "number")
    for column in ("first_at", "sensor", "properties", "description", "name"):
        op.drop_column("datastream", column)
    op.drop_table("sensor")
    op.execute("DROP TRIGGER keep_next_place ON monitoring_point")
    op.execute("DROP TRIGGER keep_first_place ON monitoring_point")
    op.execute("DROP FUNCTION keep_station_place()")
    op.drop_table("station_place")
    op.drop_column("observed_property", "number")
