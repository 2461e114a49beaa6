"""A proposed warning rings whoever may approve it: at three in the morning nobody looks at drafts.

Whoever proposed it is not called: somebody else approves it.
"""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.store.scope import PROGRAM
from hazards.alerts.models import Alert
from hazards.alerts.rules import Colour, Words
from hazards.calls import service as calls
from hazards.calls.drafts import TEXT_LENGTH, CallDraft
from hazards.calls.program import as_program
from hazards.calls.rules import Urgency
from hazards.tasks import callees

TOPIC = "alert_draft"
ANSWERED = "预警建议已处理 · the proposal was dealt with"
LOUD = {Colour.BLUE: Urgency.ROUTINE, Colour.YELLOW: Urgency.URGENT}
APPROVE = Words("待批预警", "Approve")
CALL_OFF = Words("发布单位已解除，请决定是否一并解除", "The sender has called it off. Do so too")
DISTRICT = 2


def ring(session: Session, alert: Alert, *, now: datetime, ask: Words = APPROVE) -> None:
    """Call the centre that may approve it, then the one above; again changes nothing."""
    with as_program(session):
        staffed = {
            path: [one for one in staff if one.account_id != alert.proposed_by]
            for path, staff in callees.centres(session, {alert.area_path}).items()
        }
        # A street's own centre cannot approve; it is called where nobody else is there to call.
        offices = (office(alert.area_path), alert.area_path)
        ladders = ((where, callees.ladder((), staffed, where)) for where in offices)
        where, ladder = next((one for one in ladders if one[1]), ("", ()))
        if ladder:
            said = CallDraft(
                topic=TOPIC,
                ref=_ref(alert.id, ask),
                area_path=where,
                opener_path=where,
                opener_name=alert.proposed_by_name,
                ladder=ladder,
                text_zh=f"{ask.zh}：{alert.headline_zh} · {alert.where_zh}"[:TEXT_LENGTH],
                text_en=f"{ask.en}: {alert.headline_en} · {alert.where_en}"[:TEXT_LENGTH],
                page=f"/alerts/{alert.id}",
                urgency=LOUD.get(Colour(alert.colour), Urgency.FLASH),
                is_drill=alert.is_drill,
                synthetic=alert.synthetic,
            )
            calls.open_many(session, [said], now=now)


def quiet(session: Session, alert_id: UUID, *, now: datetime) -> None:
    """Stop calling about a warning that was dealt with."""
    refs = [_ref(alert_id, ask) for ask in (APPROVE, CALL_OFF)]
    calls.cancel(session, topic=TOPIC, refs=refs, why=ANSWERED, by=PROGRAM, now=now)


def _ref(alert_id: UUID, ask: Words) -> UUID:
    return alert_id if ask is APPROVE else uuid5(alert_id, ask.en)


def office(area_path: str) -> str:
    """Give the district whose commanders approve what lies in it; the city's own is the city's."""
    return "/" + "".join(f"{code}/" for code in area_path.split("/")[1 : 1 + DISTRICT] if code)
