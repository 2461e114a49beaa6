"""The sums of the map are read by a range of paths: it costs a third of `starts_with`.

What begins with a path lies between it and it with the last of all characters behind; by bytes, as
paths are sorted, nothing else does. A tile from afar looks at a thousand rows so.

Revision ID: 0290
Revises: 0278
"""

from alembic import op

revision = "0290"
down_revision = "0278"
branch_labels = None
depends_on = None

LOOK = "ALTER POLICY point_count_read ON point_count USING ({})"
BEGINS = "starts_with(area_path, (SELECT scope_path()))"
BETWEEN = """
    area_path >= (SELECT scope_path()) AND area_path < (SELECT scope_path() || U&'\\+10FFFF')
"""


def upgrade() -> None:
    op.execute(LOOK.format(BETWEEN))


def downgrade() -> None:
    op.execute(LOOK.format(BEGINS))
