"""Who called about an alert has answered, how, and who is asked now: one line for each person.

Revision ID: 0103
Revises: 0102
"""

from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

# Of a person called twice the graver call counts. The view looks with its reader's eyes.
ANSWERS = """
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


def upgrade() -> None:
    op.execute(ANSWERS)
    op.execute(f"GRANT SELECT ON alert_answer TO {APP_ROLE}")


def downgrade() -> None:
    op.execute("DROP VIEW alert_answer")
