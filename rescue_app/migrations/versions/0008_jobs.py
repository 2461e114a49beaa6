"""Background jobs: the queue's own tables, and the row people see of each job.

Revision ID: 0008
Revises: 0007
"""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

QUEUE = Path(__file__).with_name("0008_queue.sql")
QUEUE_TABLES = (
    "procrastinate_workers",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_events",
)
DROP_QUEUE = """
DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
    procrastinate_workers CASCADE;
DO $$
DECLARE ours regprocedure;
BEGIN
    FOR ours IN SELECT oid FROM pg_proc
        WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || ours || ' CASCADE';
    END LOOP;
END $$;
DROP TYPE procrastinate_job_to_defer_v1;
DROP TYPE procrastinate_job_event_type;
DROP TYPE procrastinate_job_status;
"""


def upgrade() -> None:
    run(QUEUE.read_text(encoding="utf-8"))
    for table in QUEUE_TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE}")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {APP_ROLE}")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "job_progress",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("owner_role", sa.Text(), nullable=False),
        sa.Column("args", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger()),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("message_values", JSONB(), nullable=False),
        sa.Column("result_ref", sa.Text()),
        sa.Column("queue_id", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("started_at", moment),
        sa.Column("finished_at", moment),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
    )
    guard("job_progress")


def downgrade() -> None:
    op.drop_table("job_progress")
    run(DROP_QUEUE)


def run(script: str) -> None:
    """Run a script of several statements; only the driver itself takes it as it is."""
    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(script)
