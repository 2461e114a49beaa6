"""A call says whose life it is about, and with which others it asks the same of a person.

Revision ID: 0358
Revises: 0355
"""

import sqlalchemy as sa
from alembic import op

revision = "0358"
down_revision = "0355"
branch_labels = None
depends_on = None

HELP = "UPDATE call SET cry = 'help' WHERE topic IN ('support', 'check_in')"
# Both words of a withdrawal begin so (`rescue_app/dispatch/changes.py`).
WITHDRAW = """
    UPDATE call SET cry = 'withdraw'
    WHERE topic IN ('order_change', 'member_change') AND text_zh LIKE '撤！%'
"""
SAME = """
    UPDATE call SET bundle = md5(page || ' ' || text_zh)::uuid
    WHERE topic IN ('order', 'order_change', 'member', 'member_change')
"""


def upgrade() -> None:
    cry = sa.Column("cry", sa.Text, nullable=False, server_default="")
    op.add_column("call", cry)
    op.add_column("call", sa.Column("bundle", sa.Uuid, nullable=True))
    for words in (HELP, WITHDRAW, SAME):
        op.execute(words)


def downgrade() -> None:
    op.drop_column("call", "bundle")
    op.drop_column("call", "cry")
