"""What may become of a loan: asked for, then agreed or refused, then home again. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gis.authority import within
from gis.errors import Conflict, Rejected

WORDS_LENGTH = 200
LONGEST = timedelta(days=30)


class LoanState(StrEnum):
    """How a loan stands; `lent` is the one in which the crew works for another district."""

    ASKED = "asked"
    LENT = "lent"
    REFUSED = "refused"
    DROPPED = "dropped"
    HOME = "home"


class LoanAct(StrEnum):
    """What is done about a loan: by its lender, by its borrower, or by the clock."""

    AGREE = "agree"
    REFUSE = "refuse"
    RECALL = "recall"
    DROP = "drop"
    GIVE_BACK = "give_back"
    RUN_OUT = "run_out"


MOVES = {
    (LoanState.ASKED, LoanAct.AGREE): LoanState.LENT,
    (LoanState.ASKED, LoanAct.REFUSE): LoanState.REFUSED,
    (LoanState.ASKED, LoanAct.DROP): LoanState.DROPPED,
    (LoanState.ASKED, LoanAct.RUN_OUT): LoanState.DROPPED,
    (LoanState.LENT, LoanAct.RECALL): LoanState.HOME,
    (LoanState.LENT, LoanAct.GIVE_BACK): LoanState.HOME,
    (LoanState.LENT, LoanAct.RUN_OUT): LoanState.HOME,
}
LENDERS = frozenset({LoanAct.AGREE, LoanAct.REFUSE, LoanAct.RECALL})
NEEDS_WHY = frozenset({LoanAct.REFUSE, LoanAct.RECALL})


@dataclass(frozen=True, slots=True)
class LoanDraft:
    """What a district asks of another one, perhaps for an incident; the id is made by its page."""

    id: UUID
    lender_path: str
    words: str
    until: datetime | None
    ability: str | None = None
    incident_id: UUID | None = None


def next_state(now: LoanState, act: LoanAct) -> LoanState:
    """Give what an act makes of a loan, or refuse it."""
    if (now, act) not in MOVES:
        raise Conflict("This has been decided already. Reload the page.")
    return MOVES[now, act]


def checked(draft: LoanDraft, *, borrower_path: str, now: datetime) -> LoanDraft:
    """Refuse what another district could not decide by."""
    words = draft.words.strip()
    if not words:
        raise Rejected("Say what the crew is needed for: the other district decides by it.")
    if len(words) > WORDS_LENGTH:
        raise Rejected("The request is too long. Say it in one sentence.")
    if draft.until is None or draft.until <= now:
        raise Rejected("Say until when the crew is needed. It comes home by itself then.")
    if draft.until > now + LONGEST:
        raise Rejected("A crew is lent for 30 days at most. Ask again then.")
    own = within(borrower_path, draft.lender_path) or within(draft.lender_path, borrower_path)
    if own:
        raise Rejected("Crews of your own area need no request. Choose another district.")
    return replace(draft, words=words)


def checked_why(act: LoanAct, why: str) -> str:
    """Refuse a no, and a recall, without their because."""
    why = why.strip()[:WORDS_LENGTH]
    if act in NEEDS_WHY and not why:
        raise Rejected("Say why: the other district has to find another way.")
    return why
