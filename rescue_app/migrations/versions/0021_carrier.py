"""Who carries a token: asked in one trip, by readers that open no session.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# The application may enter any scope and read the same rows: this gives it no right it has not.
CARRIER = f"""
CREATE FUNCTION carrier_of(asked_hash bytea, moment timestamptz)
RETURNS TABLE (id uuid, name text, role text, area_path text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT account.id, account.name, account.role, account.area_path
    FROM sign_in JOIN account ON account.id = sign_in.account_id
    WHERE sign_in.token_hash = asked_hash AND sign_in.expires_at > moment AND account.active
$$;
REVOKE EXECUTE ON FUNCTION carrier_of(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION carrier_of(bytea, timestamptz) TO {APP_ROLE};
"""  # noqa: S608 - made of this file's own words


def upgrade() -> None:
    op.execute(CARRIER)


def downgrade() -> None:
    op.execute("DROP FUNCTION carrier_of(bytea, timestamptz)")
