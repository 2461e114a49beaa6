"""Crews are lent across districts: the borrower sees a crew while it is lent, and only that.

Revision ID: 0093
Revises: 0092
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PARTIES = "in_scope(area_path) OR in_scope(lender_path)"
COMMANDS = "(is_system() OR scope_role() LIKE '%commander')"
LENT_HERE = "lent_path IS NOT NULL AND in_scope(lent_path)"
# Rows of a hop that was given to a lent crew are its borrower's too.
OF_LENT = f"""EXISTS (SELECT FROM assignment a
    WHERE a.id = assignment_id AND a.{LENT_HERE.replace("in_scope(", "in_scope(a.")})"""
PHOTO = f"""kind = 'site_report' AND EXISTS (
    SELECT FROM site_report r JOIN assignment a ON a.id = r.assignment_id
    WHERE r.id = ref AND a.{LENT_HERE.replace("in_scope(", "in_scope(a.")})"""
READ_TOO = {
    "crew": LENT_HERE,
    "assignment": LENT_HERE,
    "stored_file": PHOTO,
} | dict.fromkeys(
    ("assignment_step", "change_notice", "site_report", "site_watch", "crew_place"), OF_LENT
)
# Whether a hop is one of a lent crew is the database's word, not that of who writes it.
LENT_HOP = """
CREATE FUNCTION mark_lent_hop() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    NEW.lent_path := (SELECT c.lent_path FROM crew c
        WHERE c.id = NEW.crew_id AND starts_with(NEW.giver_path, c.lent_path));
    RETURN NEW;
END $$;
CREATE TRIGGER lent_hop BEFORE INSERT ON assignment
FOR EACH ROW WHEN (NEW.crew_id IS NOT NULL) EXECUTE FUNCTION mark_lent_hop();
"""
DECIDED = """state, crew_id, crew_name, crew_name_en, answered_at, answer_name, answer_phone,
    answer_why, ended_at, ended_how, ended_name, ended_why"""


def path(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C"), nullable=null, index=not null)


def text(name: str, *, blank: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="" if blank else None)


def upgrade() -> None:
    make_loan()
    asks = f"{COMMANDS} AND in_scope(area_path)"
    guard("crew_loan", read=PARTIES, insert=asks, append_only=True)
    either = f"{COMMANDS} AND ({PARTIES})"
    op.execute(
        "CREATE POLICY crew_loan_update ON crew_loan FOR UPDATE"
        f" USING ({either}) WITH CHECK ({either})"
    )
    op.execute(f"GRANT UPDATE ({DECIDED}) ON crew_loan TO {APP_ROLE}")
    lend()


def make_loan() -> None:
    op.create_table(
        "crew_loan",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        path("area_path"),
        path("lender_path"),
        *(text(f"{side}_name{end}") for side in ("borrower", "lender") for end in ("", "_en")),
        text("words"),
        sa.Column("ability", sa.Text()),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        text("asker_name"),
        text("asker_phone"),
        sa.Column("asked_at", MOMENT, nullable=False),
        text("state"),
        sa.Column("crew_id", sa.Uuid(), sa.ForeignKey("crew.id")),
        text("crew_name", blank=True),
        text("crew_name_en", blank=True),
        sa.Column("answered_at", MOMENT),
        *(text(f"answer_{part}", blank=True) for part in ("name", "phone", "why")),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_how", sa.Text()),
        *(text(f"ended_{part}", blank=True) for part in ("name", "why")),
    )
    op.create_index(
        "uq_crew_loan_lent",
        "crew_loan",
        ["crew_id"],
        unique=True,
        postgresql_where=sa.text("state = 'lent'"),
    )
    op.create_index(
        "ix_crew_loan_until",
        "crew_loan",
        ["until"],
        postgresql_where=sa.text("state IN ('asked', 'lent')"),
    )


def lend() -> None:
    op.add_column("crew", path("lent_path", null=True))
    op.add_column("assignment", path("lent_path", null=True))
    op.execute(LENT_HOP)
    for table, seen in READ_TOO.items():
        op.execute(f"CREATE POLICY {table}_lent ON {table} FOR SELECT USING ({seen})")
    for table, own in (("assignment", LENT_HERE), ("change_notice", OF_LENT)):
        check = f"{COMMANDS} AND {own}"
        op.execute(f"CREATE POLICY {table}_lend ON {table} FOR INSERT WITH CHECK ({check})")
    op.execute(
        f"CREATE POLICY assignment_step_lend ON assignment_step FOR INSERT WITH CHECK ({OF_LENT})"
    )
    op.execute(
        "CREATE POLICY assignment_shown ON assignment FOR UPDATE"
        f" USING ({LENT_HERE}) WITH CHECK ({LENT_HERE})"
    )


def downgrade() -> None:
    op.execute("DROP POLICY assignment_shown ON assignment")
    for table in ("assignment", "change_notice", "assignment_step"):
        op.execute(f"DROP POLICY {table}_lend ON {table}")
    for table in READ_TOO:
        op.execute(f"DROP POLICY {table}_lent ON {table}")
    op.execute("DROP TRIGGER lent_hop ON assignment; DROP FUNCTION mark_lent_hop()")
    op.drop_column("assignment", "lent_path")
    op.drop_column("crew", "lent_path")
    op.drop_table("crew_loan")
