"""Assets come from lists: numbers that are ours too, ratings by year.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# What is entered by hand has a number to be named by in files, as everything else has.
OWN_NUMBERS = """
CREATE FUNCTION number_own_asset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.source := 'yitong';
    NEW.source_id := NEW.number::text;
    RETURN NEW;
END $$;
CREATE TRIGGER number_own BEFORE INSERT ON asset
FOR EACH ROW WHEN (NEW.source IS NULL) EXECUTE FUNCTION number_own_asset();
"""

# An import must be able to say that a number is taken where its user cannot look.
TAKEN_NUMBERS = f"""
CREATE FUNCTION assets_taken_elsewhere(asked_source text, asked text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT source_id FROM asset
    WHERE source = asked_source AND source_id = ANY (asked) AND NOT in_scope(area_path)
$$;
REVOKE EXECUTE ON FUNCTION assets_taken_elsewhere(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION assets_taken_elsewhere(text, text[]) TO {APP_ROLE};
"""  # noqa: S608 - made of this file's own words


def upgrade() -> None:
    op.execute(OWN_NUMBERS)
    op.execute(TAKEN_NUMBERS)
    op.create_table(
        "asset_rating",
        sa.Column("asset_id", sa.Uuid(), sa.ForeignKey("asset.id"), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    guard("asset_rating", write="in_scope(area_path) AND scope_role() <> 'observer'")


def downgrade() -> None:
    op.drop_table("asset_rating")
    op.execute("DROP FUNCTION assets_taken_elsewhere(text, text[])")
    op.execute("DROP TRIGGER number_own ON asset")
    op.execute("DROP FUNCTION number_own_asset()")
