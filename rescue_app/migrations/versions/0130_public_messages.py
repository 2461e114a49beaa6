"""Which messages about warnings anyone may have: what is in force, and the last day's end of it.

Revision ID: 0130
Revises: 0122
"""

from alembic import op

revision = "0130"
down_revision = "0122"
branch_labels = None
depends_on = None

# `earlier` are the messages that this one takes the place of. Never a draft, and nobody's name.
MESSAGES = """
CREATE FUNCTION public_messages(now timestamptz) RETURNS TABLE (
    number bigint, kind text, sent_at timestamptz, earlier jsonb, id uuid, colour text,
    hazard_type text, area_path text, area_paths text[], extent geometry, where_zh text,
    where_en text, onset_at timestamptz, expires_at timestamptz, headline_zh text,
    headline_en text, instruction_zh text, instruction_en text, why text, ended_why text,
    issuer_zh text, issuer_en text, source text, source_ref text, is_drill boolean,
    synthetic boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT s.seq, s.kind, s.at, before.earlier, a.id, a.colour, a.hazard_type, a.area_path,
        a.area_paths, a.extent, a.where_zh, a.where_en, a.onset_at, a.expires_at, a.headline_zh,
        a.headline_en, a.instruction_zh, a.instruction_en, a.why, a.ended_why, a.issuer_zh,
        a.issuer_en, a.source, a.source_ref, a.is_drill, a.synthetic
    FROM alert a JOIN alert_step s ON s.alert_id = a.id AND s.kind IN ('issued', 'cancelled')
    CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object('number', e.seq, 'sent_at', e.at,
            'alert_id', b.id, 'area_path', b.area_path) ORDER BY e.seq), '[]') AS earlier
        FROM alert b JOIN alert_step e ON e.alert_id = b.id AND e.kind = 'issued'
        WHERE b.root_id = a.root_id AND e.seq < s.seq) AS before
    WHERE a.issued_at IS NOT NULL
        AND coalesce(a.ended_at, a.expires_at) > public_messages.now - interval '1 day'
    ORDER BY s.seq DESC
$$
"""


def upgrade() -> None:
    op.execute(MESSAGES)


def downgrade() -> None:
    op.execute("DROP FUNCTION public_messages(timestamptz)")
