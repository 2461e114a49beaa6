"""What else waits for a person's word, whichever order his page shows."""

from typing import Any
from uuid import UUID

from rescue_app.dispatch.members.reading import MyPart
from rescue_app.dispatch.reading import InboxLine
from rescue_app.dispatch.rules import UNANSWERED


def log_of(one: InboxLine | MyPart) -> tuple[UUID, str]:
    """Give the number of his part or of the crew's hop, and its state."""
    log = one.part if isinstance(one, MyPart) else one.hop
    return log.id, log.state


def waits(facts: dict[str, Any]) -> InboxLine | MyPart | None:
    """Give a change of another order at once, another order once the one shown is answered."""
    at: InboxLine | MyPart | None = facts["shown"]
    if at is None:
        return None
    (here, state), all_of_his = log_of(at), [*facts["mine"], *facts["lines"]]
    rest = [one for one in all_of_his if log_of(one)[0] != here]
    changed = next((one for one in rest if one.owes), None)
    if changed is not None or at.owes or state in UNANSWERED:
        return changed
    return next((one for one in rest if log_of(one)[1] in UNANSWERED), None)
