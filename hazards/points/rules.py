"""What a hazard point may be and become: pure decisions, no database.

Grades follow the national figures for geological hazards: by threatened persons or by
threatened property, whichever is worse.
"""

from decimal import Decimal
from enum import StrEnum

from gis.errors import Rejected


class Category(StrEnum):
    """What kind of point it is on the one map."""

    OCCURRENCE = "occurrence"
    HIDDEN_DANGER = "hidden_danger"
    PREVENTION = "prevention"
    CRITICAL = "critical"


class Evidence(StrEnum):
    """How we know of it."""

    HISTORICAL = "historical"
    HIGH_FREQUENCY = "high_frequency"
    POSSIBLE = "possible"


class Grade(StrEnum):
    """Danger, worst first; the names sort in that order as plain text too."""

    I = "I"  # noqa: E741 - the grade's own name
    II = "II"
    III = "III"
    IV = "IV"


class GradeOrigin(StrEnum):
    """Whether the figures gave the grade or a person did."""

    COMPUTED = "computed"
    BY_HAND = "by_hand"


class State(StrEnum):
    """Where the entry stands in its life."""

    DRAFT = "draft"
    APPROVED = "approved"
    DELISTED = "delisted"


class Move(StrEnum):
    """What carries an entry from one state to the next."""

    APPROVE = "approve"
    DELIST = "delist"


GRADE_FROM: tuple[tuple[Grade, int, int], ...] = (
    (Grade.I, 1_000, 10_000),
    (Grade.II, 500, 5_000),
    (Grade.III, 100, 500),
)
"""Grade, threatened persons from, threatened property from (10,000 yuan); else grade IV."""

MOVES: dict[tuple[State, Move], State] = {
    (State.DRAFT, Move.APPROVE): State.APPROVED,
    (State.APPROVED, Move.DELIST): State.DELISTED,
}


def computed_grade(*, persons: int | None, property_10k_yuan: Decimal | None) -> Grade:
    """Work the grade out from what is threatened; what is not recorded threatens nobody."""
    for grade, persons_from, property_from in GRADE_FROM:
        if (persons or 0) >= persons_from or (property_10k_yuan or 0) >= property_from:
            return grade
    return Grade.IV


def graded(
    *,
    persons: int | None,
    property_10k_yuan: Decimal | None,
    by_hand: Grade | None,
    reason: str,
) -> tuple[Grade, GradeOrigin, str | None]:
    """Decide grade, origin and reason: the figures speak unless a person says why not."""
    if by_hand is None:
        grade = computed_grade(persons=persons, property_10k_yuan=property_10k_yuan)
        return grade, GradeOrigin.COMPUTED, None
    if not reason.strip():
        raise Rejected("A grade set by hand needs a reason. Write why it differs from the figures.")
    return by_hand, GradeOrigin.BY_HAND, reason.strip()


def next_state(now: State, move: Move) -> State:
    """Give the state a move leads to, or refuse it."""
    if (now, move) in MOVES:
        return MOVES[now, move]
    if move is Move.APPROVE:
        raise Rejected("Only a draft can be approved. Reload the page to see where it stands.")
    raise Rejected("Only an approved point can be de-listed. Approve it first, or reload the page.")


def checked_ground(ground: str) -> str:
    """Hold that a point leaves the ledger only for a stated ground."""
    if not ground.strip():
        raise Rejected("De-listing needs a ground. Say why the danger is gone or the people are.")
    return ground.strip()


def checked_frail(*, persons: int | None, frail: int | None) -> None:
    """Hold that the frail are counted among the threatened persons."""
    if frail is not None and frail > (persons or 0):
        raise Rejected(
            "{frail} frail persons are more than the {persons} threatened persons."
            " Count the frail among the threatened.",
            frail=frail,
            persons=persons or 0,
        )
