"""Cases: the ledger holds what is approved or de-listed, what people ask for is a draft.

Revision ID: 0018
Revises: 0017
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATES = "'open', 'applied', 'surveyed', 'reviewed', 'approved', 'returned', 'withdrawn'"
GROUNDS = "'works_finished', 'relocated', 'danger_gone', 'merged', 'entered_in_error'"
ENTRY_CHECKS = {
    "category": "category IN ('occurrence', 'hidden_danger', 'prevention', 'critical')",
    "evidence": "evidence IN ('historical', 'high_frequency', 'possible')",
    "grade": "grade IN ('I', 'II', 'III', 'IV')",
    "grade_origin": "grade_origin IN ('computed', 'by_hand')",
    "state": "state IN ('approved', 'delisted')",
    "delisted_ground": f"delisted_ground IN ({GROUNDS})",
    "reason": "(grade_origin = 'by_hand') = (grade_reason IS NOT NULL)",
    "ground": "(state = 'delisted') = (delisted_ground IS NOT NULL)",
    "persons": "threatened_persons >= 0",
    "households": "threatened_households >= 0",
    "frail": "threatened_frail BETWEEN 0 AND coalesce(threatened_persons, 0)",
    "property": "threatened_property_10k_yuan >= 0",
}
STATE, GROUND = "ck_hazard_point_state", "ck_hazard_point_delisted_ground"


def path(name: str, *, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C"), nullable=False, index=index)


def upgrade() -> None:
    op.drop_constraint(STATE, "hazard_point", type_="check")
    for name in ("state", "delisted_ground"):
        op.create_check_constraint(f"ck_hazard_point_{name}", "hazard_point", ENTRY_CHECKS[name])
    make_case()
    make_draft()
    make_step()


def make_case() -> None:
    text, moment, whole = sa.Text(), sa.DateTime(timezone=True), sa.Integer()
    op.create_table(
        "ledger_case",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        *(sa.Column(n, text, nullable=False) for n in ("kind", "state", "title", "reason")),
        sa.Column("ground", text),
        sa.Column("report", text, nullable=False),
        sa.Column("changes", postgresql.JSONB()),
        path("unit_path", index=True),
        path("area_path"),
        sa.Column("author_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("author_name", text, nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("undoes_id", sa.Uuid(), sa.ForeignKey("ledger_case.id"), index=True),
        *(sa.Column(f"count_{n}", whole, nullable=False) for n in ("new", "changed", "removed")),
        sa.CheckConstraint(
            "kind IN ('add', 'change', 'remove', 'bulk', 'import', 'undo')",
            name="ck_ledger_case_kind",
        ),
        sa.CheckConstraint(f"state IN ({STATES})", name="ck_ledger_case_state"),
    )
    op.create_index("ix_ledger_case_state_changed_at", "ledger_case", ["state", "changed_at"])
    guard("ledger_case", read="in_scope(unit_path)", write="in_scope(unit_path)")
    op.execute(f"REVOKE DELETE ON ledger_case FROM {APP_ROLE}")


def entry_columns() -> list[sa.Column[Any]]:
    text, whole = sa.Text(), sa.Integer()
    named = ("category", "evidence", "hazard_type", "grade", "grade_origin", "number", "source")
    owners = ("owner_name", "owner_phone", "owner_unit")
    return [
        *(sa.Column(n, text, nullable=False) for n in (*named, "name", "address", *owners)),
        sa.Column("grade_reason", text),
        *(sa.Column(f"threatened_{n}", whole) for n in ("persons", "households", "frail")),
        sa.Column("threatened_property_10k_yuan", sa.Numeric(14, 2)),
        sa.Column(
            "place", geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False), nullable=False
        ),
        sa.Column("extent", geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)),
        path("area_path"),
        sa.Column("state", text, nullable=False),
        sa.Column("delisted_ground", text),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("version", whole, nullable=False),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_by_name", text, nullable=False),
    ]


def make_draft() -> None:
    op.create_table(
        "hazard_point_draft",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("ledger_case.id"), primary_key=True),
        sa.Column("point_id", sa.Uuid(), primary_key=True),
        sa.Column("base_version", sa.Integer(), nullable=False),
        path("unit_path"),
        *entry_columns(),
        *(
            sa.CheckConstraint(rule, name=f"ck_hazard_point_draft_{name}")
            for name, rule in ENTRY_CHECKS.items()
        ),
    )
    op.create_index("ix_hazard_point_draft_point_id", "hazard_point_draft", ["point_id"])
    op.create_index(
        "uq_hazard_point_draft_number",
        "hazard_point_draft",
        ["case_id", "source", "number"],
        unique=True,
    )
    guard("hazard_point_draft", read="in_scope(unit_path)", write="in_scope(unit_path)")


def make_step() -> None:
    text, moment = sa.Text(), sa.DateTime(timezone=True)
    op.create_table(
        "case_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column(
            "case_id", sa.Uuid(), sa.ForeignKey("ledger_case.id"), nullable=False, index=True
        ),
        path("unit_path"),
        sa.Column("act", text, nullable=False),
        sa.Column("state", text, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("opinion", text, nullable=False),
        sa.Column("file_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
    )
    guard("case_step", read="in_scope(unit_path)", write="in_scope(unit_path)", append_only=True)


def downgrade() -> None:
    op.drop_table("case_step")
    op.drop_table("hazard_point_draft")
    op.drop_table("ledger_case")
    op.drop_constraint(GROUND, "hazard_point", type_="check")
    op.drop_constraint(STATE, "hazard_point", type_="check")
    before = "state IN ('draft', 'approved', 'delisted')"
    op.create_check_constraint(STATE, "hazard_point", before)
