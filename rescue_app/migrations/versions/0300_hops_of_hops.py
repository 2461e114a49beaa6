"""A hop's parent and what it replaces are hops, which nothing removes: no key is asked of them.

Revision ID: 0300
Revises: 0299
"""

from alembic import op

revision = "0300"
down_revision = "0299"
branch_labels = None
depends_on = None

COLUMNS = ("parent_id", "replaces_id")


def upgrade() -> None:
    for column in COLUMNS:
        op.drop_constraint(f"fk_assignment_{column}", "assignment")


def downgrade() -> None:
    for column in COLUMNS:
        op.create_foreign_key(
            f"fk_assignment_{column}", "assignment", "assignment", [column], ["id"]
        )
