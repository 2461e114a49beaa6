"""Which roles somebody has where: lists go to the responsible where nobody of the role is there.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# Accounts belong to the floor above: tasks ask by this function what they need of them.
ROLES_HELD = """
CREATE FUNCTION roles_held(low text, high text) RETURNS TABLE (role text, path text)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT a.role, a.area_path FROM account a
    WHERE a.active AND (a.area_path >= low COLLATE "C" AND a.area_path < high COLLATE "C"
        OR starts_with(low, a.area_path)) $$
"""


def upgrade() -> None:
    op.execute(ROLES_HELD)


def downgrade() -> None:
    op.execute("DROP FUNCTION roles_held(text, text)")
