"""Whether who is on site is being asked if he is safe: his own page says so, and rings."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from hazards.calls.program import as_program
from rescue_app.site.calling import CHECK_IN

# An alarm that nobody answered, and no word since the one that its clock began with.
CREW = text("""
    SELECT w.call_ref FROM site_watch w JOIN call c ON c.topic = :topic AND c.ref = w.call_ref
    WHERE w.assignment_id = :id AND NOT EXISTS (
        SELECT s.done_at FROM assignment_step s
        WHERE s.assignment_id = w.assignment_id AND s.done_at > w.heard_at
        UNION ALL SELECT r.done_at FROM site_report r
        WHERE r.assignment_id = w.assignment_id AND r.done_at > w.heard_at
        UNION ALL SELECT t.done_at FROM checklist_tick t
        WHERE t.assignment_id = w.assignment_id AND t.done_at > w.heard_at
        UNION ALL SELECT g.answered_at FROM call_rung g WHERE g.call_id = c.id AND g.answer = 'yes')
""")
MEMBER = text("""
    SELECT p.alarm_ref FROM member_part p JOIN call c ON c.topic = :topic AND c.ref = p.alarm_ref
    WHERE p.id = :id AND NOT EXISTS (
        SELECT s.done_at FROM member_step s WHERE s.part_id = p.id AND s.done_at > p.heard_at
        UNION ALL SELECT r.done_at FROM site_report r
        WHERE r.assignment_id = p.assignment_id AND r.by_id = p.account_id
          AND r.done_at > p.heard_at
        UNION ALL SELECT t.done_at FROM checklist_tick t
        WHERE t.assignment_id = p.assignment_id AND t.by_id = p.account_id
          AND t.done_at > p.heard_at
        UNION ALL SELECT g.answered_at FROM call_rung g WHERE g.call_id = c.id AND g.answer = 'yes')
""")


def unheard(session: Session, *, hop_id: UUID, part_id: UUID | None) -> UUID | None:
    """Give the number of the alarm about a crew, or a member's part, that waits for a word."""
    query, about = (MEMBER, part_id) if part_id else (CREW, hop_id)
    with as_program(session):
        waits: UUID | None = session.scalar(query, {"topic": CHECK_IN, "id": about})
    return waits
