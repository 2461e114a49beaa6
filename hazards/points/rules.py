"""What a hazard point may be and become: pure decisions, no database.

Grades follow the national figures for geological hazards: by threatened persons or by
threatened property, whichever is worse.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

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
    """Where the entry stands. What is not approved yet is a draft of a case, not an entry."""

    APPROVED = "approved"
    DELISTED = "delisted"


class Scale(StrEnum):
    """How big the body itself is, whatever stands below it."""

    GIANT = "giant"
    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"


class Monitoring(StrEnum):
    """Who watches it."""

    GROUP = "group"
    PROFESSIONAL = "professional"
    BOTH = "both"


class WarningMeans(StrEnum):
    """What warns the people below."""

    GONG = "gong"
    HORN = "horn"
    TERMINAL = "terminal"
    PHONE = "phone"
    LOUDSPEAKER = "loudspeaker"


class WorksStage(StrEnum):
    """How far the works are."""

    PROPOSED = "proposed"
    DESIGNED = "designed"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    ACCEPTED = "accepted"


MOST_MONITORS = 6
BETWEEN = ";；、，,\\s"
NAME_AND_PHONE = re.compile(
    rf"([^0-9+;；、\r\n]*[^0-9+{BETWEEN}:：(（-])[\s:：,，(（]*"
    rf"(\+?[0-9][0-9 -]{{5,19}})[)）]?(?:[{BETWEEN}]+|$)"
)
"""A name holds no digit: so 张三 138 0000 1111、李四 139… reads in one way only."""
PLAIN_DIGITS = str.maketrans("０１２３４５６７８９＋", "0123456789+")
NOT_A_MONITOR = "Each monitor needs a name and a phone, such as: 李明 13800001111."


MOST_FILES = 20


class Ground(StrEnum):
    """Why a point leaves the ledger."""

    WORKS_FINISHED = "works_finished"
    RELOCATED = "relocated"
    DANGER_GONE = "danger_gone"
    MERGED = "merged"
    ENTERED_IN_ERROR = "entered_in_error"


GRADE_FROM: tuple[tuple[Grade, int, int], ...] = (
    (Grade.I, 1_000, 10_000),
    (Grade.II, 500, 5_000),
    (Grade.III, 100, 500),
)
"""Grade, threatened persons from, threatened property from (10,000 yuan); else grade IV."""


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


def checked_frail(*, persons: int | None, frail: int | None) -> None:
    """Hold that the frail are counted among the threatened persons."""
    if frail is not None and frail > (persons or 0):
        raise Rejected(
            "{frail} frail persons are more than the {persons} threatened persons."
            " Count the frail among the threatened.",
            frail=frail,
            persons=persons or 0,
        )


def checked_files(file_ids: Sequence[UUID]) -> list[UUID]:
    """Hold that a point carries what a person can look through, each file once."""
    kept = list(dict.fromkeys(file_ids))
    if len(kept) > MOST_FILES:
        raise Rejected("A point has up to {most} photos and documents.", most=MOST_FILES)
    return kept


def checked_monitors(monitors: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Hold that up to six monitors are named, each with a phone."""
    kept = [{"name": m["name"].strip(), "phone": m["phone"].strip()} for m in monitors]
    if len(kept) > MOST_MONITORS:
        raise Rejected("A point has up to {most} monitors. Name the nearest.", most=MOST_MONITORS)
    for monitor in kept:
        if not (monitor["name"] and monitor["phone"]):
            raise Rejected(NOT_A_MONITOR)
        if read_monitors("{name} {phone}".format(**monitor)) != [monitor]:
            raise Rejected("{name}: a name holds no digit, no ; and no 、.", name=monitor["name"])
    return kept


def said_monitors(cell: str) -> list[dict[str, str]]:
    """Read monitors as one cell tells them: 张三 13800001111；李四 13900001111."""
    return checked_monitors(read_monitors(cell.translate(PLAIN_DIGITS)))


def read_monitors(cell: str) -> list[dict[str, str]]:
    """Cut a cell into names and phones."""
    found = []
    rest = cell.strip(";；、，, \r\n\t")
    while rest:
        said = NAME_AND_PHONE.match(rest)
        if said is None:
            raise Rejected(
                "“{said}” is no name with its phone. Write 张三 13800001111；李四 13900001111.",
                said=rest,
            )
        found.append({"name": said[1], "phone": said[2].strip()})
        rest = rest[said.end() :]
    return found
