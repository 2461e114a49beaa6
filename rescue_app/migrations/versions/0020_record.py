"""The full record of a point: its body, who watches it and how people are warned, its works.

Revision ID: 0020
Revises: 0019
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ("hazard_point", "hazard_point_version", "hazard_point_draft")
CHECKED = ("hazard_point", "hazard_point_draft")
CHECKS = {
    "scale": "scale IN ('giant', 'large', 'medium', 'small')",
    "monitoring_method": "monitoring_method IN ('group', 'professional', 'both')",
    "works_stage": "works_stage IN ('proposed', 'designed', 'under_way', 'finished', 'accepted')",
    "volume": "volume_m3 >= 0",
}
BEFORE = [
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


def record_columns() -> list[sa.Column[Any]]:
    text, day = sa.Text(), sa.Date()
    plain = ("owner_post", "monitoring_name", "monitoring_post", "monitoring_phone", "direction")
    listed = postgresql.ARRAY(text)
    return [
        *(
            sa.Column(name, text, nullable=False, server_default="")
            for name in (*plain, "trigger", "works")
        ),
        sa.Column("monitors", postgresql.JSONB(), nullable=False, server_default="[]"),
        sa.Column("warning_means", listed, nullable=False, server_default="{}"),
        *(sa.Column(name, text) for name in ("monitoring_method", "scale", "works_stage")),
        *(sa.Column(name, sa.Boolean()) for name in ("plan_exists", "cards_given")),
        *(sa.Column(name, day) for name in ("drilled_on", "found_on")),
        sa.Column("volume_m3", sa.Numeric(14, 1)),
    ]


def keep(columns: list[str]) -> str:
    """Write the trigger's function of 0003 for these columns."""
    return f"""
    CREATE OR REPLACE FUNCTION keep_point_versions() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        IF EXISTS (SELECT FROM was FULL JOIN became USING (id)
                   WHERE became.version IS DISTINCT FROM was.version + 1) THEN
            RAISE EXCEPTION 'a change of hazard_point must raise its version by one';
        END IF;
        INSERT INTO hazard_point_version (point_id, replaced_at, {", ".join(columns)})
        SELECT was.id, became.changed_at, {", ".join(f"was.{column}" for column in columns)}
        FROM was JOIN became USING (id);
        RETURN NULL;
    END $$;
    """  # noqa: S608 - made of this file's own words


def upgrade() -> None:
    for table in TABLES:
        for column in record_columns():
            op.add_column(table, column)
    for table in CHECKED:
        for name, rule in CHECKS.items():
            op.create_check_constraint(f"ck_{table}_{name}", table, rule)
    op.execute(keep([*BEFORE, *(column.name for column in record_columns())]))


def downgrade() -> None:
    op.execute(keep(BEFORE))
    for table in TABLES:
        for column in record_columns():
            op.drop_column(table, column.name)
