"""Accounts and sign-ins.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("login", sa.Text(), nullable=False, unique=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_tries", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
    )
    mine = "in_scope(area_path) OR id = scope_actor()"
    # A patrol may read who is in its area; only commanders and the program change accounts.
    commands = "(is_system() OR scope_role() LIKE '%commander') AND in_scope(area_path)"
    guard("account", read=mine, write=commands)
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
        sa.Column(
            "account_id",
            sa.Uuid(),
            sa.ForeignKey("account.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("agent", sa.Text(), nullable=False),
    )
    guard("sign_in", read="is_system()", write="is_system()")


def downgrade() -> None:
    op.drop_table("sign_in")
    op.drop_table("account")
