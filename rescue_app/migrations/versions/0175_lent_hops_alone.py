"""Only a hop that says it is of a lent crew is looked up when it is given: 5,000 crews, one order.

Revision ID: 0175
Revises: 0184
"""

from alembic import op

revision = "0175"
down_revision = "0184"
branch_labels = None
depends_on = None

# Whoever writes a hop may say that its crew is lent; whether it is, and to whom, the database says.
TRIGGER = """
DROP TRIGGER lent_hop ON assignment;
CREATE TRIGGER lent_hop BEFORE INSERT ON assignment
FOR EACH ROW WHEN (NEW.crew_id IS NOT NULL{only}) EXECUTE FUNCTION mark_lent_hop();
"""


def upgrade() -> None:
    op.execute(TRIGGER.format(only=" AND NEW.lent_path IS NOT NULL"))


def downgrade() -> None:
    op.execute(TRIGGER.format(only=""))
