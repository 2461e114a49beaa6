"""The city evaluates a sample of closed findings: what is asked, what was drawn, the marks.

Revision ID: 0034
Revises: 0033
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard, guard_reference

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

CITY = "in_scope(area_path) AND (is_system() OR scope_role() = 'city_commander')"
# A draw of the city is known to those below it; what was drawn, each sees of his own area.
FROM_ABOVE = (
    "in_scope(area_path) OR (scope_role() <> 'resident'"
    " AND starts_with(current_setting('yitong.area_path', true), area_path))"
)


def record() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
    ]


def needed(kind: type[sa.types.TypeEngine[Any]], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind(), nullable=False) for name in names]


def of_sample() -> sa.Column[Any]:
    return sa.Column("sample_id", sa.Uuid(), sa.ForeignKey("finding_sample.id"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "evaluation_criterion",
        sa.Column("code", sa.Text(), primary_key=True),
        *needed(sa.Integer, "position", "points"),
        *needed(sa.Text, "name_zh", "name_en", "ask_zh", "ask_en"),
    )
    op.create_table(
        "sample_quota",
        sa.Column("grade", sa.Integer(), primary_key=True, autoincrement=False),
        *needed(sa.Float, "share"),
        *needed(sa.Integer, "least"),
    )
    guard_reference("evaluation_criterion")
    guard_reference("sample_quota")
    of_draws()
    of_findings()


def of_draws() -> None:
    op.create_table(
        "finding_sample",
        *record(),
        *needed(sa.Text, "seed", "drawn_by_name"),
        *needed(sa.Date, "closed_from", "closed_to"),
        sa.Column("quotas", postgresql.JSONB(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        *needed(sa.Uuid, "drawn_by"),
    )
    guard("finding_sample", read=FROM_ABOVE, write=CITY, append_only=True)
    op.create_table(
        "sample_stratum", *record(), of_sample(), *needed(sa.Integer, "grade", "closed", "drawn")
    )
    op.create_index("ix_sample_stratum_sample_id", "sample_stratum", ["sample_id"])
    guard("sample_stratum", write=CITY, append_only=True)


def of_findings() -> None:
    op.create_table(
        "sampled_finding",
        *record(),
        of_sample(),
        sa.Column("finding_id", sa.Uuid(), sa.ForeignKey("finding.id"), nullable=False, index=True),
        *needed(sa.Text, "district_path", "unit_name", "unit_name_en", "words"),
        *needed(sa.Integer, "grade"),
        sa.Column("marks", postgresql.JSONB(none_as_null=True)),
        sa.Column("evaluated_at", sa.DateTime(timezone=True)),
        sa.Column("evaluated_by", sa.Uuid()),
        sa.UniqueConstraint("sample_id", "finding_id"),
    )
    guard("sampled_finding", write=CITY)


def downgrade() -> None:
    for table in ("sampled_finding", "sample_stratum", "finding_sample"):
        op.drop_table(table)
    op.drop_table("sample_quota")
    op.drop_table("evaluation_criterion")
