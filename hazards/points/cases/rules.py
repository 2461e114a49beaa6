"""How a case moves from application to the ledger, and whose step each is: pure decisions."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from gis.authority import Act, Actor, Role, require
from gis.errors import Conflict, Forbidden, Rejected


class Kind(StrEnum):
    """What a case does to the ledger."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    BULK = "bulk"
    IMPORT = "import"
    UNDO = "undo"


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    APPLIED = "applied"
    SURVEYED = "surveyed"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What can be done with a case; `OUTDATE` is what an approval finds out by itself."""

    APPLY = "apply"
    SURVEY = "survey"
    REVIEW = "review"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    OUTDATE = "outdate"


WITH_AUTHOR = (State.OPEN, State.RETURNED)
WITH_OFFICE = (State.APPLIED, State.SURVEYED, State.REVIEWED)
UNDER_WAY = (*WITH_AUTHOR, *WITH_OFFICE)

MOVES: dict[tuple[State, Step], State] = {
    (State.APPLIED, Step.SURVEY): State.SURVEYED,
    (State.SURVEYED, Step.REVIEW): State.REVIEWED,
    (State.REVIEWED, Step.APPROVE): State.APPROVED,
    (State.REVIEWED, Step.OUTDATE): State.RETURNED,
    **{(state, Step.APPLY): State.APPLIED for state in WITH_AUTHOR},
    **{(state, Step.SEND_BACK): State.RETURNED for state in WITH_OFFICE},
    **{(state, Step.WITHDRAW): State.WITHDRAWN for state in UNDER_WAY},
}
# Going back to what was surveyed once needs no second visit.
UNDO_MOVES = MOVES | {(State.APPLIED, Step.REVIEW): State.REVIEWED}
AUTHORS = frozenset({Step.APPLY, Step.WITHDRAW})
JUDGEMENTS = frozenset({Step.REVIEW, Step.APPROVE, Step.SEND_BACK})
BY_HAND = (Step.APPLY, Step.SURVEY, Step.REVIEW, Step.APPROVE, Step.SEND_BACK, Step.WITHDRAW)


class MovedOn(Conflict):
    """Somebody else took a step first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands, whose it is, and who has judged it since it was last applied for."""

    kind: Kind
    state: State
    author_id: UUID
    area_path: str
    judges: frozenset[UUID] = frozenset()


def next_state(case: Standing, step: Step) -> State:
    """Give the state a step leads to, or refuse a step that does not follow."""
    if case.kind is Kind.UNDO and step is Step.SURVEY:
        raise Conflict("An undo needs no survey. It goes to review at once.")
    moves = UNDO_MOVES if case.kind is Kind.UNDO else MOVES
    if (case.state, step) not in moves:
        raise MovedOn("Somebody has moved this case on meanwhile. Load the page again.")
    return moves[case.state, step]


def right(step: Step, now: State) -> Act:
    """Give the right a step needs; whoever would do the next step may also send back."""
    if step is Step.REVIEW:
        return Act.REVIEW_POINT
    if step in (Step.APPROVE, Step.OUTDATE):
        return Act.APPROVE_POINT
    if step is Step.SEND_BACK:
        return Act.APPROVE_POINT if now is State.REVIEWED else Act.REVIEW_POINT
    return Act.EDIT_POINT


def check_turn(case: Standing, step: Step, *, by: Actor) -> None:
    """Hold whose step it is; the program itself, loading a scenario, may take all of them."""
    if step not in BY_HAND:
        raise Rejected("Only an approval finds out whether a case is out of date.")
    if by.role is Role.SYSTEM:
        return
    require(by, right(step, case.state), case.area_path)
    if step in AUTHORS and by.id != case.author_id:
        raise Forbidden("Only whoever applied can do this. Send the case back with a reason.")
    if step in JUDGEMENTS and by.id == case.author_id:
        raise Forbidden("Nobody judges his own application. Let somebody else do this step.")
    if step is Step.APPROVE and by.id in case.judges:
        raise Forbidden("Whoever reviewed a case does not approve it too. Ask another commander.")


def open_steps(case: Standing, *, by: Actor) -> list[Step]:
    """Give what this person can do with a case now, the usual one first."""
    found = []
    for step in BY_HAND:
        try:
            next_state(case, step)
            check_turn(case, step, by=by)
        except (Conflict, Forbidden):
            continue
        found.append(step)
    return found


def check_files(step: Step, *, of_point: bool) -> None:
    """Hold that only who was there adds to what is reviewed after him."""
    if of_point and step is not Step.SURVEY:
        raise Rejected("Photos join the point with the survey. Later they stay with the case.")


def checked_opinion(step: Step, opinion: str, *, visited_on: date | None, today: date) -> str:
    """Hold that a survey says when and what was seen, and that sending back says why."""
    said = opinion.strip()
    if step is Step.SEND_BACK and not said:
        raise Rejected("Say why it goes back, so that it can be mended.")
    if step is Step.SURVEY:
        if visited_on is None or visited_on > today:
            raise Rejected("A survey needs the day of the visit, today or before.")
        if not said:
            raise Rejected("Write what was found on site.")
    return said
