"""Which versions contradict each other, and what can be ruled about them: pure."""

from enum import StrEnum
from uuid import UUID, uuid5

from gis.errors import Conflict, Rejected


class About(StrEnum):
    """What the versions speak of."""

    ASSET = "asset"
    TASK = "task"


class Kind(StrEnum):
    """Why there are two versions."""

    NUMBER = "number"
    """The same number with another content: a phone restored, answers changed after sending."""
    LIST = "list"
    """The list in force judges the same answers otherwise than the one that was shown."""
    LABEL = "label"
    """The label that was scanned had ended before."""
    ASSET = "asset"
    """The asset was out of use before."""
    DONE_BEFORE = "done_before"
    """Somebody else had answered the task otherwise before."""


class Choice(StrEnum):
    """What holds: nothing is ruled yet, one of the two, or both."""

    OPEN = "open"
    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


AGAINST_REGISTER = (Kind.LABEL, Kind.ASSET)


def choices(kind: Kind) -> tuple[Choice, ...]:
    """Give what can be ruled; a visit and a register that denies it do not both hold."""
    if kind in AGAINST_REGISTER:
        return (Choice.FIRST, Choice.SECOND)
    return (Choice.FIRST, Choice.SECOND, Choice.BOTH)


def second_id(first: UUID, fingerprint: bytes) -> UUID:
    """Give another content under a taken number a number of its own, the same each time."""
    return uuid5(first, fingerprint.hex())


def id_of(kind: Kind, first: UUID | None, second: UUID) -> UUID:
    """Give the number of a conflict, so that it stands once however often it is sent."""
    return uuid5(second, f"{kind}:{first}")


def aside(choice: Choice, first: UUID | None, second: UUID) -> UUID | None:
    """Give the version that does not count by what was ruled."""
    return {Choice.FIRST: second, Choice.SECOND: first}.get(choice)


def check(kind: Kind, now: Choice, wanted: Choice, reason: str) -> None:
    """Refuse a ruling that says nothing new, cannot be, or gives no reason."""
    if wanted is now:
        raise Conflict("This was ruled already. Load the page again.")
    if wanted is not Choice.OPEN and wanted not in choices(kind):
        raise Rejected("Either the register is right or the visit: choose one of the two.")
    if not reason:
        raise Rejected("Say why: whoever wrote the other version reads it.")
