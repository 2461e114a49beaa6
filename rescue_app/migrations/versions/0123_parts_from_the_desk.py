"""A commander gives members their parts and changes them, those of a lent crew too.

Revision ID: 0123
Revises: 0130
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from rescue_app.migrations.security import APP_ROLE

revision = "0123"
down_revision = "0130"
branch_labels = None
depends_on = None

# Who orders a lent crew knows its people, as long as it is lent. Asked once a statement, not a row.
LENT_HERE = """SELECT c.id FROM crew c WHERE c.lent_path IS NOT NULL AND in_scope(c.lent_path)"""
READS = "(is_system() OR scope_role() LIKE '%commander')"
SEATS = f"SELECT s.member_id FROM crew_seat s WHERE s.crew_id IN ({LENT_HERE})"  # noqa: S608 - made of this file's own words
READ_TOO = {
    "crew_seat": f"{READS} AND crew_id IN ({LENT_HERE})",
    "member": f"{READS} AND id IN ({SEATS})",
}


def upgrade() -> None:
    for name in ("before", "after"):
        op.add_column("member_notice", sa.Column(name, JSONB(none_as_null=True)))
    op.execute(f"GRANT UPDATE (words, due_at) ON member_part TO {APP_ROLE}")
    op.create_index(
        "ix_crew_lent_path", "crew", ["lent_path"],
        postgresql_where=sa.text("lent_path IS NOT NULL"),
    )  # fmt: skip
    for table, seen in READ_TOO.items():
        op.execute(f"CREATE POLICY {table}_lent ON {table} FOR SELECT USING ({seen})")


def downgrade() -> None:
    for table in READ_TOO:
        op.execute(f"DROP POLICY {table}_lent ON {table}")
    op.drop_index("ix_crew_lent_path", "crew")
    op.execute(f"REVOKE UPDATE (words, due_at) ON member_part FROM {APP_ROLE}")
    for name in ("before", "after"):
        op.drop_column("member_notice", name)
