"""Quicker looks: functions that keep their plans, and the ledger's first order as an index.

Revision ID: 0030
Revises: 0029
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# In SQL they were planned anew by every call: half of the time of every small tile.
KEPT = """
CREATE OR REPLACE FUNCTION carrier_of(asked_hash bytea, moment timestamptz)
RETURNS TABLE (id uuid, name text, role text, area_path text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$ BEGIN
    RETURN QUERY SELECT account.id, account.name, account.role, account.area_path
    FROM sign_in JOIN account ON account.id = sign_in.account_id
    WHERE sign_in.token_hash = asked_hash AND sign_in.expires_at > moment AND account.active;
END $$;
CREATE OR REPLACE FUNCTION live_seq(asked text) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$ BEGIN
    RETURN coalesce((SELECT seq FROM live_event WHERE topic = asked ORDER BY seq DESC LIMIT 1), 0);
END $$;
"""
PLANNED_ANEW = """
CREATE OR REPLACE FUNCTION carrier_of(asked_hash bytea, moment timestamptz)
RETURNS TABLE (id uuid, name text, role text, area_path text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT account.id, account.name, account.role, account.area_path
    FROM sign_in JOIN account ON account.id = sign_in.account_id
    WHERE sign_in.token_hash = asked_hash AND sign_in.expires_at > moment AND account.active;
$$;
CREATE OR REPLACE FUNCTION live_seq(asked text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce((SELECT seq FROM live_event WHERE topic = asked ORDER BY seq DESC LIMIT 1), 0);
$$;
"""


def upgrade() -> None:
    op.execute(KEPT)
    op.create_index("ix_hazard_point_grade_id", "hazard_point", ["grade", "id"])


def downgrade() -> None:
    op.drop_index("ix_hazard_point_grade_id", "hazard_point")
    op.execute(PLANNED_ANEW)
