"""Photos belong to visits of any kind: to an asset, or to a point of the map.

Revision ID: 0058
Revises: 0077
"""

from alembic import op

revision = "0058"
down_revision = "0077"
branch_labels = None
depends_on = None

WAS, IS = "inspection_photo", "visit_photo"
POLICIES = ("read", "insert", "update", "delete")


def renamed(table: str, to: str, column: str, to_column: str) -> None:
    """Give the table, its column, keys and policies the names that its use has."""
    op.execute(f"ALTER TABLE {table} RENAME TO {to}")
    op.execute(f"ALTER TABLE {to} RENAME COLUMN {column} TO {to_column}")
    op.execute(f"ALTER INDEX pk_{table} RENAME TO pk_{to}")
    op.execute(f"ALTER INDEX ix_{table}_{column} RENAME TO ix_{to}_{to_column}")
    op.execute(f"ALTER INDEX ix_{table}_area_path RENAME TO ix_{to}_area_path")
    for name in POLICIES:
        op.execute(f"ALTER POLICY {table}_{name} ON {to} RENAME TO {to}_{name}")


def upgrade() -> None:
    op.drop_constraint(f"fk_{WAS}_inspection_id_inspection", WAS, type_="foreignkey")
    renamed(WAS, IS, "inspection_id", "visit_id")
    op.execute("UPDATE stored_file SET kind = 'visit' WHERE kind = 'inspection'")


def downgrade() -> None:
    op.execute("DELETE FROM visit_photo WHERE visit_id NOT IN (SELECT id FROM inspection)")
    op.execute("UPDATE stored_file SET kind = 'inspection' WHERE kind = 'visit'")
    renamed(IS, WAS, "visit_id", "inspection_id")
    op.create_foreign_key(
        f"fk_{WAS}_inspection_id_inspection", WAS, "inspection", ["inspection_id"], ["id"]
    )
