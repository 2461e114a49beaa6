"""Orders of the ledger out of an index alone, so that its far pages are read like its first.

What decides whether an entry is shown, its state and its area, stands in the index beside the
order. By number or persons entries are sorted: every such index slows an import.

Revision ID: 0053
Revises: 0052
"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

TABLE = "hazard_point"
OLD = {"ix_hazard_point_changed_at": ["changed_at"], "ix_hazard_point_grade_id": ["grade", "id"]}
NEW = {
    "ix_hazard_point_by_changed_at": ["changed_at", "id"],
    "ix_hazard_point_by_grade": ["grade", "id"],
    "ix_hazard_point_by_name": ["name", "id"],
}


def upgrade() -> None:
    for name, columns in NEW.items():
        op.create_index(name, TABLE, columns, postgresql_include=["state", "area_path"])
    for name in OLD:
        op.drop_index(name, TABLE)


def downgrade() -> None:
    for name, columns in OLD.items():
        op.create_index(name, TABLE, columns)
    for name in NEW:
        op.drop_index(name, TABLE)
