"""The ledger of hazard points with its history, and disaster events.

Revision ID: 0003
Revises: 0002
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard, guard_reference

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ENTRY = [
    "category",
    "evidence",
    "hazard_type",
    "grade",
    "grade_origin",
    "grade_reason",
    "number",
    "source",
    "name",
    "address",
    "threatened_persons",
    "threatened_households",
    "threatened_frail",
    "threatened_property_10k_yuan",
    "owner_name",
    "owner_phone",
    "owner_unit",
    "place",
    "extent",
    "area_path",
    "state",
    "delisted_ground",
    "synthetic",
    "version",
    "changed_at",
    "changed_by",
    "changed_by_name",
    "created_at",
]

# One statement per change, however many rows: an import of 250,000 keeps its history as a set.
# The function belongs to the owner: the application can neither forge nor skip a version.
KEEP_VERSIONS = f"""
CREATE FUNCTION keep_point_versions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    IF EXISTS (SELECT FROM was FULL JOIN became USING (id)
               WHERE became.version IS DISTINCT FROM was.version + 1) THEN
        RAISE EXCEPTION 'a change of hazard_point must raise its version by one';
    END IF;
    INSERT INTO hazard_point_version (point_id, replaced_at, {", ".join(ENTRY)})
    SELECT was.id, became.changed_at, {", ".join(f"was.{column}" for column in ENTRY)}
    FROM was JOIN became USING (id);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_versions AFTER UPDATE ON hazard_point
REFERENCING OLD TABLE AS was NEW TABLE AS became
FOR EACH STATEMENT EXECUTE FUNCTION keep_point_versions();
"""  # noqa: S608 - made of this file's own words

# An import must be able to say that a number is taken where its user cannot look.
TAKEN_NUMBERS = f"""
CREATE FUNCTION numbers_taken_elsewhere(asked_source text, asked text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT number FROM hazard_point
    WHERE source = asked_source AND number = ANY (asked) AND NOT in_scope(area_path)
$$;
REVOKE EXECUTE ON FUNCTION numbers_taken_elsewhere(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION numbers_taken_elsewhere(text, text[]) TO {APP_ROLE};
"""  # noqa: S608 - made of this file's own words


# A foreign key is checked row by row, which is a third of an import's time. The rule is the same
# here, once per statement; a type is never removed, so nothing has to be checked from that side.
KNOWN_TYPES = """
CREATE FUNCTION hold_hazard_types() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    IF EXISTS (SELECT hazard_type FROM became EXCEPT SELECT code FROM hazard_type) THEN
        RAISE EXCEPTION 'a point has a hazard type that hazard_type does not have'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER known_types_on_insert AFTER INSERT ON hazard_point
REFERENCING NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION hold_hazard_types();
CREATE TRIGGER known_types_on_update AFTER UPDATE ON hazard_point
REFERENCING NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION hold_hazard_types();
"""


def upgrade() -> None:
    make_hazard_type()
    make_hazard_point()
    make_history()
    make_disaster_event()


def make_hazard_type() -> None:
    op.create_table(
        "hazard_type",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
    )
    guard_reference("hazard_type")
    op.execute(f"REVOKE DELETE ON hazard_type FROM {APP_ROLE}")


def entry_columns() -> list[sa.Column[Any]]:
    text, whole = sa.Text(), sa.Integer()
    point = geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)
    outline = geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)
    moment = sa.DateTime(timezone=True)
    return [
        *(sa.Column(n, text, nullable=False) for n in ("category", "evidence", "hazard_type")),
        *(sa.Column(n, text, nullable=False) for n in ("grade", "grade_origin")),
        sa.Column("grade_reason", text),
        *(sa.Column(n, text, nullable=False) for n in ("number", "source", "name", "address")),
        *(sa.Column(f"threatened_{n}", whole) for n in ("persons", "households", "frail")),
        sa.Column("threatened_property_10k_yuan", sa.Numeric(14, 2)),
        *(sa.Column(f"owner_{n}", text, nullable=False) for n in ("name", "phone", "unit")),
        sa.Column("place", point, nullable=False),
        sa.Column("extent", outline),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("state", text, nullable=False),
        sa.Column("delisted_ground", text),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("version", whole, nullable=False),
        sa.Column("changed_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_by_name", text, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
    ]


def make_hazard_point() -> None:
    op.create_table(
        "hazard_point",
        sa.Column("id", sa.Uuid(), primary_key=True),
        *entry_columns(),
        *(
            sa.CheckConstraint(rule, name=f"ck_hazard_point_{name}")
            for name, rule in {
                "category": "category IN ('occurrence', 'hidden_danger', 'prevention', 'critical')",
                "evidence": "evidence IN ('historical', 'high_frequency', 'possible')",
                "grade": "grade IN ('I', 'II', 'III', 'IV')",
                "grade_origin": "grade_origin IN ('computed', 'by_hand')",
                "state": "state IN ('draft', 'approved', 'delisted')",
                "reason": "(grade_origin = 'by_hand') = (grade_reason IS NOT NULL)",
                "ground": "(state = 'delisted') = (delisted_ground IS NOT NULL)",
                "persons": "threatened_persons >= 0",
                "households": "threatened_households >= 0",
                "frail": "threatened_frail BETWEEN 0 AND coalesce(threatened_persons, 0)",
                "property": "threatened_property_10k_yuan >= 0",
            }.items()
        ),
    )
    op.create_index(
        "uq_hazard_point_source_number", "hazard_point", ["source", "number"], unique=True
    )
    op.create_index("ix_hazard_point_changed_at", "hazard_point", ["changed_at"])
    index_shapes("hazard_point")
    guard("hazard_point")
    op.execute(f"REVOKE DELETE ON hazard_point FROM {APP_ROLE}")
    op.execute(KNOWN_TYPES)


def index_shapes(table: str) -> None:
    op.execute(f"CREATE INDEX idx_{table}_place ON {table} USING gist (place)")
    # GiST keeps empty values too, and most points have no extent.
    op.execute(
        f"CREATE INDEX idx_{table}_extent ON {table} USING gist (extent) WHERE extent IS NOT NULL"
    )


def make_history() -> None:
    op.create_table(
        "hazard_point_version",
        sa.Column("point_id", sa.Uuid(), sa.ForeignKey("hazard_point.id"), nullable=False),
        *entry_columns(),
        sa.Column(
            "replaced_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.PrimaryKeyConstraint("point_id", "version"),
    )
    op.create_index("ix_hazard_point_version_replaced_at", "hazard_point_version", ["replaced_at"])
    index_shapes("hazard_point_version")
    guard("hazard_point_version", append_only=True)
    op.execute(f"REVOKE INSERT ON hazard_point_version FROM {APP_ROLE}")
    op.execute(KEEP_VERSIONS)
    op.execute(TAKEN_NUMBERS)


def make_disaster_event() -> None:
    text, moment = sa.Text(), sa.DateTime(timezone=True)
    precisions = "'minute', 'hour', 'day', 'month', 'year'"
    op.create_table(
        "disaster_event",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("source", text, nullable=False),
        sa.Column("source_id", text, nullable=False),
        sa.Column("hazard_type", text, sa.ForeignKey("hazard_type.code"), nullable=False),
        sa.Column("title", text, nullable=False),
        sa.Column("happened_at", moment, nullable=False),
        sa.Column("time_precision", text, nullable=False),
        sa.Column(
            "place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False), nullable=False
        ),
        sa.Column("location_accuracy_m", sa.Float()),
        sa.Column("deaths", sa.Integer()),
        sa.Column("injured", sa.Integer()),
        sa.Column("loss_10k_yuan", sa.Numeric(14, 2)),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("raw", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            f"time_precision IN ({precisions})", name="ck_disaster_event_time_precision"
        ),
        *(
            sa.CheckConstraint(f"{n} >= 0", name=f"ck_disaster_event_{n}")
            for n in ("location_accuracy_m", "deaths", "injured", "loss_10k_yuan")
        ),
    )
    op.create_index(
        "uq_disaster_event_source_source_id", "disaster_event", ["source", "source_id"], unique=True
    )
    op.create_index("ix_disaster_event_happened_at", "disaster_event", ["happened_at"])
    op.execute("CREATE INDEX idx_disaster_event_place ON disaster_event USING gist (place)")
    guard("disaster_event")


def downgrade() -> None:
    op.drop_table("disaster_event")
    op.execute("DROP FUNCTION numbers_taken_elsewhere(text, text[])")
    op.drop_table("hazard_point_version")
    op.drop_table("hazard_point")
    op.execute("DROP FUNCTION hold_hazard_types()")
    op.execute("DROP FUNCTION keep_point_versions()")
    op.drop_table("hazard_type")
