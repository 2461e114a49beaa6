"""An order to thousands writes a hop for each and nothing beside it: the hop says that it was given.

Its order, unit and crew are rows that the program cannot remove, so that no key is asked 15,000
times whether they are there.

Revision ID: 0299
Revises: 0307
"""

import sqlalchemy as sa
from alembic import op

from gis.store.scope import NO_ONE
from rescue_app.migrations.security import APP_ROLE

revision = "0299"
down_revision = "0307"
branch_labels = None
depends_on = None

KEYS = {"order_id": "dispatch_order", "unit_id": "unit", "crew_id": "crew"}
# What no question about crews' hops goes by.
PARTIAL = (
    ("ix_assignment_area_path_state", ["area_path", "state"], False, "holder <> 'crew'"),
    ("ix_assignment_parent_id", ["parent_id"], False, "parent_id IS NOT NULL"),
    ("uq_assignment_replaces_id", ["replaces_id"], True, "replaces_id IS NOT NULL"),
)
# Whose account wrote the lines that went is kept nowhere: whoever issued the order wrote those of
# its first hops, whoever passed it down those below. Where neither is known the program did.
COMMANDS = "(is_system() OR scope_role() LIKE '%commander') AND in_scope(area_path)"
AGAIN = """
    INSERT INTO assignment_step (id, assignment_id, order_id, area_path, kind, by_id, by_name,
        by_phone, done_at, received_at, note)
    SELECT gen_random_uuid(), a.id, a.order_id, a.area_path, 'queued',
        coalesce(CASE WHEN a.parent_id IS NULL THEN o.issued_by ELSE passed.by_id END, :program),
        a.giver_name, a.giver_phone, a.began_at, a.began_at, ''
    FROM assignment a JOIN dispatch_order o ON o.id = a.order_id
    LEFT JOIN LATERAL (
        SELECT s.by_id FROM assignment_step s
        WHERE s.assignment_id = a.parent_id AND s.kind = 'passed_down'
            AND s.by_name = a.giver_name AND s.received_at <= a.began_at
        ORDER BY s.received_at DESC, s.id DESC LIMIT 1
    ) passed ON true
"""


def upgrade() -> None:
    op.execute("DELETE FROM assignment_step WHERE kind = 'queued'")
    for column in KEYS:
        op.drop_constraint(f"fk_assignment_{column}", "assignment")
    for table in ("unit", "crew"):
        op.execute(f"REVOKE DELETE ON {table} FROM {APP_ROLE}")
        op.execute(f"DROP POLICY {table}_delete ON {table}")
    op.drop_index("ix_assignment_unit_id", "assignment")
    for name, columns, unique, where in PARTIAL:
        op.drop_index(name, "assignment")
        op.create_index(name, "assignment", columns, unique=unique, postgresql_where=where)


def downgrade() -> None:
    for name, columns, unique, _ in PARTIAL:
        op.drop_index(name, "assignment")
        op.create_index(name, "assignment", columns, unique=unique)
    op.create_index("ix_assignment_unit_id", "assignment", ["unit_id"])
    for table in ("unit", "crew"):
        op.execute(f"CREATE POLICY {table}_delete ON {table} FOR DELETE USING ({COMMANDS})")
        op.execute(f"GRANT DELETE ON {table} TO {APP_ROLE}")
    for column, table in KEYS.items():
        op.create_foreign_key(f"fk_assignment_{column}", "assignment", table, [column], ["id"])
    op.execute(sa.text(AGAIN).bindparams(program=NO_ONE))
