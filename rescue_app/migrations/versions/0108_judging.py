"""Rules by which readings become a colour, what stands at each station, and every change.

Revision ID: 0108
Revises: 0100
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard

revision = "0108"
down_revision = "0100"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
POINT = "monitoring_point.id"
PUBLISHES = """is_system() OR scope_role() IN
    ('city_commander', 'district_commander', 'planner')"""


def path() -> sa.Column[str]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)


def record() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
    )


def of_point(*, key: bool) -> sa.Column[object]:
    station = sa.ForeignKey(POINT, ondelete="CASCADE")
    return sa.Column("point_id", sa.Uuid(), station, primary_key=key, nullable=False)


def upgrade() -> None:
    op.create_table(
        "judging_rule",
        *record(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("in_force", "shipped")),
        sa.Column("made_by_name", sa.Text(), nullable=False),
    )
    op.create_index("uq_judging_rule_code", "judging_rule", ["code", "version"], unique=True)
    op.create_index(
        "uq_judging_rule_in_force", "judging_rule", ["code"], unique=True,
        postgresql_where=sa.text("in_force"),
    )  # fmt: skip
    guard("judging_rule", read="true", write=PUBLISHES)
    standings()
    judgements()
    op.create_index("ix_reading_received_at", "reading", ["received_at"], postgresql_using="brin")


def standings() -> None:
    op.create_table(
        "judging_standing",
        of_point(key=True),
        sa.Column("rule_code", sa.Text(), primary_key=True),
        path(),
        *(sa.Column(name, sa.Text()) for name in ("colour", "rising")),
        *(sa.Column(name, MOMENT) for name in ("since", "rising_since", "easing_since")),
    )
    guard("judging_standing", write="is_system()")


def judgements() -> None:
    op.create_table(
        "judgement",
        *record(),
        of_point(key=False),
        sa.Column("rule_id", sa.Uuid(), sa.ForeignKey("judging_rule.id"), nullable=False),
        path(),
        sa.Column("at", MOMENT, nullable=False, index=True),
        *(sa.Column(name, sa.Text()) for name in ("before", "colour")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("why_zh", "why_en")),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
    )
    op.create_index("ix_judgement_point_id_at", "judgement", ["point_id", "at"])
    guard("judgement", insert="is_system()", append_only=True)


def downgrade() -> None:
    op.drop_index("ix_reading_received_at", "reading")
    for table in ("judgement", "judging_standing", "judging_rule"):
        op.drop_table(table)
