"""A rung belongs to a ladder of its call, a log's line to a hop of its order: one key says both.

Each of these keys was looked up by itself for every row that an order to thousands writes.

Revision ID: 0127
Revises: 0151
"""

from alembic import op

revision = "0127"
down_revision = "0151"
branch_labels = None
depends_on = None

# child, its columns, its parent, and the column beside the parent's id
KEYS = (
    ("call_rung", ["call_id", "ladder_id"], "call_ladder", "call_id"),
    ("assignment_step", ["order_id", "assignment_id"], "assignment", "order_id"),
)
SINGLE = {
    "call_rung": {"call_id": "call", "ladder_id": "call_ladder"},
    "assignment_step": {"order_id": "dispatch_order", "assignment_id": "assignment"},
}


def upgrade() -> None:
    for child, columns, parent, beside in KEYS:
        both = [beside, "id"]
        op.create_unique_constraint(f"uq_{parent}_{beside}_id", parent, both)
        op.drop_index(f"ix_{parent}_{beside}", parent)
        for column in SINGLE[child]:
            op.drop_constraint(f"fk_{child}_{column}", child)
        op.create_foreign_key(f"fk_{child}_{'_'.join(columns)}", child, parent, columns, both)


def downgrade() -> None:
    for child, columns, parent, beside in KEYS:
        op.drop_constraint(f"fk_{child}_{'_'.join(columns)}", child)
        for column, target in SINGLE[child].items():
            op.create_foreign_key(f"fk_{child}_{column}", child, target, [column], ["id"])
        op.create_index(f"ix_{parent}_{beside}", parent, [beside])
        op.drop_constraint(f"uq_{parent}_{beside}_id", parent)
