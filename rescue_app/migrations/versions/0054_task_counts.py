"""Lists added up where they are changed, so that a board of the whole city reads sums.

And what was done last, in order: it was sorted out of millions.

Revision ID: 0054
Revises: 0080
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0054"
down_revision = "0080"
branch_labels = None
depends_on = None

KEYS = (
    "area_path, template_code, mode, role, account_id, person, from_at, due_at, done_on, found_bad"
)
OWED = "state IN ('open', 'begun')"
# The day of the city's own clocks, as a board counts days; of what is owed, when it is due.
COUNTED = f"""
    SELECT {{sign}} AS sign, area_path, template_code, mode, role, account_id, person,
        CASE WHEN {OWED} THEN from_at END AS from_at, CASE WHEN {OWED} THEN due_at END AS due_at,
        CASE WHEN state = 'done' THEN (done_at AT TIME ZONE 'Asia/Shanghai')::date END AS done_on,
        state = 'done' AND worst_grade IS NOT NULL AS found_bad
    FROM {{rows}} WHERE {OWED} OR state = 'done'
"""  # noqa: S608 - made of this file's own words
RECENT = f"(SELECT * FROM task WHERE {OWED} OR done_at > now() - interval '10 days') AS became"  # noqa: S608 - as above
WAS = COUNTED.format(sign=-1, rows="was")
BECAME = COUNTED.format(sign=1, rows="became")
CHANGES = {
    "insert": ("NEW TABLE AS became", BECAME),
    "delete": ("OLD TABLE AS was", WAS),
    "update": ("OLD TABLE AS was NEW TABLE AS became", f"{WAS} UNION ALL {BECAME}"),
}


def added(changes: str) -> str:
    """Write one statement's changes as rows of sums; nothing is ever updated, nobody waits."""
    return f"""
    INSERT INTO task_count ({KEYS}, lists)
    SELECT {KEYS}, sum(sign) FROM ({changes}) AS changes GROUP BY {KEYS} HAVING sum(sign) <> 0
    """  # noqa: S608 - made of this file's own words


def counting(event: str, tables: str, changes: str) -> str:
    return f"""
    CREATE FUNCTION count_tasks_on_{event}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$ BEGIN {added(changes)}; RETURN NULL; END $$;
    CREATE TRIGGER count_tasks_on_{event} AFTER {event.upper()} ON task
    REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION count_tasks_on_{event}();
    """


EMPTIED = """
CREATE FUNCTION forget_task_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$ BEGIN DELETE FROM task_count; RETURN NULL; END $$;
CREATE TRIGGER forget_task_counts AFTER TRUNCATE ON task
FOR EACH STATEMENT EXECUTE FUNCTION forget_task_counts();
"""

# As point counts are melted; days that no board asks for any more go, too.
COMPACT = f"""
CREATE FUNCTION compact_task_counts(first_day date) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE merged bigint := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('compact_task_counts')) THEN RETURN 0; END IF;
    WITH rows AS (
        SELECT ctid AS row, done_on, count(*) OVER (PARTITION BY {KEYS}) AS alike FROM task_count
    ), gone AS (
        DELETE FROM task_count
        WHERE ctid = ANY (ARRAY(SELECT row FROM rows WHERE alike > 1 OR done_on < first_day))
        RETURNING *
    ), summed AS (
        INSERT INTO task_count ({KEYS}, lists)
        SELECT {KEYS}, sum(lists) FROM gone WHERE done_on IS NULL OR done_on >= first_day
        GROUP BY {KEYS} HAVING sum(lists) <> 0
    )
    SELECT count(*) INTO merged FROM gone;
    RETURN merged;
END $$;
REVOKE EXECUTE ON FUNCTION compact_task_counts(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION compact_task_counts(date) TO {APP_ROLE};
"""  # noqa: S608 - made of this file's own words


def upgrade() -> None:
    words = ("template_code", "mode", "role")
    op.create_table(
        "task_count",
        sa.Column("area_path", sa.Text(collation="C"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("found_bad", sa.Boolean(), nullable=False),
        sa.Column("lists", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_task_count_area_path", "task_count", ["area_path"])
    guard("task_count", append_only=True)
    op.execute(f"REVOKE INSERT ON task_count FROM {APP_ROLE}")
    op.execute(added(COUNTED.format(sign=1, rows=RECENT)))
    for event, (tables, changes) in CHANGES.items():
        op.execute(counting(event, tables, changes))
    op.execute(EMPTIED)
    op.execute(COMPACT)
    done = sa.text("state = 'done'")
    op.create_index("ix_task_done_at", "task", ["done_at", "id"], postgresql_where=done)


def downgrade() -> None:
    op.drop_index("ix_task_done_at", "task")
    for event in (*CHANGES, "truncate"):
        name = "forget_task_counts" if event == "truncate" else f"count_tasks_on_{event}"
        op.execute(f"DROP TRIGGER {name} ON task; DROP FUNCTION {name}()")
    op.execute("DROP FUNCTION compact_task_counts(date)")
    op.drop_table("task_count")
