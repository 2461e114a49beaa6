"""A member's part is changed where he has it: he hears the new words, and says that he did."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, Missing
from rescue_app.dispatch.changes import WHY_LENGTH, ChangeKind
from rescue_app.dispatch.drafts import PartDraft
from rescue_app.dispatch.members import calling, giver, giving, repository, telling
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.members.rules import changed_part


def amend(
    session: Session,
    *,
    part_id: UUID,
    notice_id: UUID,
    draft: PartDraft,
    why: str,
    by: Actor,
    now: datetime,
) -> MemberPart:
    """Give a part other words or another time; the same send again changes nothing more."""
    seen = repository.part(session, part_id)
    if seen is None:
        raise Missing("There is no such part in your area.")
    hop, order = giving.held(session, seen.assignment_id, by)
    part = repository.locked(session, part_id)
    if part is None or repository.notice(session, notice_id) is not None:
        return seen
    giver.require_orders(session, hop, by)
    if part.state in giving.THROUGH:
        raise Conflict("He is through with this part, or cannot. Give a new one.")
    old = PartDraft(part.member_id, part.words, part.due_at)
    new = changed_part(old, draft, now=now)
    part.words, part.due_at = new.words, new.due_at
    session.flush()
    kind, because = ChangeKind.AMENDED, why.strip()[:WHY_LENGTH]
    said = calling.amended_words(order, part, why=because)
    news = giving.News(kind, because, said, before=_plain(old), after=_plain(new))
    giving.tell_members(session, order, {notice_id: (part, hop)}, news, by=by, now=now)
    telling.spread(session, part, kind, by=by)
    return part


def _plain(part: PartDraft) -> dict[str, str | None]:
    return {"what": part.words, "due_at": part.due_at.isoformat() if part.due_at else None}
