"""Rows of orders are written by the ten thousand: no index that nobody asks, and who may look first.

Revision ID: 0190
Revises: 0210
"""

from alembic import op

revision = "0190"
down_revision = "0210"
branch_labels = None
depends_on = None

# No question is asked by these paths: policies compare them row by row, with or without an index.
UNASKED = [
    (table, path)
    for table in ("call", "call_ladder", "call_rung", "call_event")
    for path in ("area_path", "opener_path")
]
# ix_assignment_area_path_state begins with the same column.
TWICE = ("assignment", "area_path")
# Most lines are of the writer's own area: only another's is looked up, whether its crew is lent.
LENT = """
DROP POLICY assignment_step_lend ON assignment_step;
CREATE POLICY assignment_step_lend ON assignment_step FOR INSERT WITH CHECK ({own}EXISTS (
    SELECT FROM assignment a
    WHERE a.id = assignment_id AND a.lent_path IS NOT NULL AND in_scope(a.lent_path)))
"""


def upgrade() -> None:
    for table, path in (*UNASKED, TWICE):
        op.drop_index(f"ix_{table}_{path}", table)
    op.execute(LENT.format(own="NOT in_scope(area_path) AND "))


def downgrade() -> None:
    op.execute(LENT.format(own=""))
    for table, path in (*UNASKED, TWICE):
        op.create_index(f"ix_{table}_{path}", table, [path])
