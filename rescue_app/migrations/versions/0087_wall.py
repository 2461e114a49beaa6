"""The sketch of an incident, and which transaction changed a hop last.

Revision ID: 0087
Revises: 0073
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0087"
down_revision = "0073"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SEEN = "EXISTS (SELECT FROM incident i WHERE i.id = incident_id)"
DRAWS = f"""{SEEN} AND by_id = scope_actor()
    AND (scope_role() LIKE '%commander' OR scope_role() = 'planner')"""
# Nobody's clock and no number of ours says what a reader has not seen yet: the transaction does.
NOTE = """
    CREATE FUNCTION note_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.changed = pg_current_xact_id()::text::bigint;
        RETURN NEW;
    END $$;
    CREATE TRIGGER assignment_changed BEFORE UPDATE ON assignment
    FOR EACH ROW EXECUTE FUNCTION note_transaction();
"""


def upgrade() -> None:
    op.add_column("assignment", sa.Column("changed", sa.BigInteger(), nullable=True))
    op.execute("UPDATE assignment SET changed = pg_current_xact_id()::text::bigint")
    op.alter_column(
        "assignment",
        "changed",
        nullable=False,
        server_default=sa.text("pg_current_xact_id()::text::bigint"),
    )
    op.create_index("ix_assignment_order_id_changed", "assignment", ["order_id", "changed"])
    op.execute(NOTE)
    sketches()


def sketches() -> None:
    op.create_table(
        "sketch_line",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "incident_id", sa.Uuid(), sa.ForeignKey("incident.id"), nullable=False, index=True
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("removes_id", sa.Uuid(), sa.ForeignKey("sketch_line.id")),
        sa.Column("shape", geoalchemy2.Geometry(srid=4326, spatial_index=False)),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("by_name", "by_phone")),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("done_at", "received_at")),
    )
    guard("sketch_line", read=SEEN, insert=DRAWS, append_only=True)


def downgrade() -> None:
    op.drop_table("sketch_line")
    op.execute("DROP TRIGGER assignment_changed ON assignment; DROP FUNCTION note_transaction()")
    op.drop_index("ix_assignment_order_id_changed", "assignment")
    op.drop_column("assignment", "changed")
