"""Of a person called twice the graver call is chosen before anything else is looked up.

Revision ID: 0165
Revises: 0164
"""

from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0165"
down_revision = "0164"
branch_labels = None
depends_on = None

# Who is asked now is looked up by whoever shows it: for the few that are shown. The view looks
# with its reader's eyes.
ANSWERS = """
CREATE VIEW alert_answer WITH (security_invoker = true) AS
SELECT graver.*, took.name AS taker, took.kind AS taken_as, said.taken_by, said.by_name,
    said.done_at,
    CASE WHEN graver.state <> 'answered' THEN graver.state
        WHEN said.taken_by IN ('door', 'gong') OR took.kind = 'by_hand' THEN 'by_hand'
        ELSE took.kind END AS stands
FROM (
    SELECT DISTINCT ON (a.root_id, a.person_id) a.root_id, a.person_id, a.name, a.phone,
        a.area_path, a.points, a.colour, c.id AS call_id, l.id AS ladder_id, l.state, l.due_at,
        l.position, l.outcome_rung_id
    FROM alert_call a
    JOIN call c ON c.topic = 'alert' AND c.ref = a.ref
    JOIN call_ladder l ON l.call_id = c.id
    ORDER BY a.root_id, a.person_id,
        array_position(ARRAY['red', 'orange', 'yellow', 'blue'], a.colour), l.number
) AS graver
LEFT JOIN call_rung took ON took.id = graver.outcome_rung_id
LEFT JOIN call_event said ON said.id = took.answer_event_id
"""
AS_BEFORE = """
CREATE VIEW alert_answer WITH (security_invoker = true) AS
SELECT DISTINCT ON (a.root_id, a.person_id) a.root_id, a.person_id, a.name, a.phone, a.area_path,
    a.points, a.colour, c.id AS call_id, l.state, l.due_at, asked.name AS asked_name,
    asked.phone AS asked_phone, took.name AS taker, took.kind AS taken_as, said.taken_by,
    said.by_name, said.done_at,
    CASE WHEN l.state <> 'answered' THEN l.state
        WHEN said.taken_by IN ('door', 'gong') OR took.kind = 'by_hand' THEN 'by_hand'
        ELSE took.kind END AS stands
FROM alert_call a
JOIN call c ON c.topic = 'alert' AND c.ref = a.ref
JOIN call_ladder l ON l.call_id = c.id
LEFT JOIN call_rung took ON took.id = l.outcome_rung_id
LEFT JOIN call_event said ON said.id = took.answer_event_id
LEFT JOIN LATERAL (SELECT name, phone FROM call_rung r
    WHERE r.ladder_id = l.id AND r.position = l.position ORDER BY r.id LIMIT 1) AS asked ON true
ORDER BY a.root_id, a.person_id,
    array_position(ARRAY['red', 'orange', 'yellow', 'blue'], a.colour), l.number
"""


def become(view: str) -> None:
    op.execute("DROP VIEW alert_answer")
    op.execute(view)
    op.execute(f"GRANT SELECT ON alert_answer TO {APP_ROLE}")


def upgrade() -> None:
    become(ANSWERS)


def downgrade() -> None:
    become(AS_BEFORE)
