"""Photos and documents as a part of a point's record, seen by those who see the point.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ("hazard_point", "hazard_point_version", "hazard_point_draft")
SAID = sa.text("""
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = 'hazard_point_version'
      AND column_name NOT IN ('point_id', 'replaced_at') ORDER BY ordinal_position
""")
# The sub-selects look through the reader's own eyes: their tables have their policies.
OF_A_POINT = """
    in_scope(area_path) OR kind = 'point' AND (
        EXISTS (SELECT FROM hazard_point AS point
                WHERE point.id = ref AND stored_file.id = ANY (point.file_ids))
     OR EXISTS (SELECT FROM hazard_point_version AS before
                WHERE before.point_id = ref AND stored_file.id = ANY (before.file_ids)))
"""


def keep_versions() -> None:
    """Write the trigger's function of 0003 for the columns there are."""
    columns = op.get_bind().execute(SAID).scalars().all()
    op.execute(f"""
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
    """)  # noqa: S608 - made of the columns' own names


def let_read(rule: str) -> None:
    op.execute("DROP POLICY stored_file_read ON stored_file")
    op.execute(f"CREATE POLICY stored_file_read ON stored_file FOR SELECT USING ({rule})")


def upgrade() -> None:
    listed = postgresql.ARRAY(sa.Uuid())
    for table in TABLES:
        op.add_column(table, sa.Column("file_ids", listed, nullable=False, server_default="{}"))
    keep_versions()
    let_read(OF_A_POINT)


def downgrade() -> None:
    let_read("in_scope(area_path)")
    for table in TABLES:
        op.drop_column(table, "file_ids")
    keep_versions()
