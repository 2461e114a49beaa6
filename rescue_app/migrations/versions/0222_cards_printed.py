"""What stood on each card that was printed, and corrections of what was noted as handed out.

Revision ID: 0222
Revises: 0218
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0222"
down_revision = "0218"
branch_labels = None
depends_on = None

CHECKS = {
    "correction": "(corrects IS NULL) = (reason = '')",
    "day": "handed_on IS NOT NULL OR corrects IS NOT NULL",
}


def upgrade() -> None:
    op.create_table(
        "card_printed",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "point_id", sa.Uuid(), sa.ForeignKey("hazard_point.id"), nullable=False, index=True
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("household_id", sa.Uuid(), sa.ForeignKey("household.id"), index=True),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reach_m", sa.Integer(), nullable=False),
        sa.Column("printed_on", sa.Date(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('refuge', 'work')", name="kind"),
        sa.CheckConstraint("(kind = 'refuge') = (household_id IS NOT NULL)", name="household"),
        sa.CheckConstraint("(kind = 'work') = (holder <> '')", name="holder"),
    )
    guard("card_printed", append_only=True)
    op.alter_column("card_handed", "handed_on", nullable=True)
    op.add_column(
        "card_handed",
        sa.Column("corrects", sa.Uuid(), sa.ForeignKey("card_handed.id"), unique=True),
    )
    for name in ("reason", "state"):
        op.add_column("card_handed", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("card_handed", sa.Column("reach_m", sa.Integer()))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_card_handed_{name}"), "card_handed", rule)


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_card_handed_{name}"), "card_handed")
    op.execute("DELETE FROM card_handed WHERE handed_on IS NULL")
    for name in ("reach_m", "state", "reason", "corrects"):
        op.drop_column("card_handed", name)
    op.alter_column("card_handed", "handed_on", nullable=False)
    op.drop_table("card_printed")
