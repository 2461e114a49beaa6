"""What a warning is in CAP's words and a CAP message in ours: pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal
from uuid import UUID

from hazards.alerts.rules import UNSEEN, Colour

Category = Literal["Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env",
                   "Transport", "Infra", "CBRNE", "Other"]  # fmt: skip
Response = Literal["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess",
                   "AllClear", "None"]  # fmt: skip
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
Status = Literal["Actual", "Exercise", "System", "Test", "Draft"]
Kind = Literal["Alert", "Update", "Cancel", "Ack", "Error"]
Reach = Literal["Public", "Restricted", "Private"]
CHINA = timezone(timedelta(hours=8))
CODE_DIGITS = 6
SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Grade:
    """What a colour is in CAP's words."""

    severity: Severity
    certainty: Certainty
    response: Response


GRADES = {
    Colour.RED: Grade("Extreme", "Likely", "Evacuate"),
    Colour.ORANGE: Grade("Severe", "Likely", "Evacuate"),
    Colour.YELLOW: Grade("Moderate", "Likely", "Prepare"),
    Colour.BLUE: Grade("Minor", "Possible", "Monitor"),
}
"""The four colours by the severities that China's CAP profile gives them."""
CATEGORIES: dict[str, Category] = {
    "geological": "Geo",
    "seismic": "Geo",
    "flood": "Met",
    "weather": "Met",
    "fire": "Fire",
}
"""CAP's category of each family of hazards; what has none is `Other`."""


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name messages go out, and how each is numbered.

    With a `unit` (the issuer's digits behind the six of the area) the number follows the Chinese
    profile; without, it is the warning's own.
    """

    address: str
    unit: str | None = None
    home: str = ""

    def identifier(self, sent: "Sent") -> str:
        """Name a message: the same one always by the same name."""
        if self.unit is not None:
            code = sent.area_path.rstrip("/").split("/")[-1][:CODE_DIGITS]
            moment = sent.sent_at.astimezone(CHINA).strftime("%Y%m%d%H%M%S")
            return f"{code}{self.unit}_{moment}_{sent.number}"
        return f"{sent.alert_id}{'.cancel' if sent.cancels else ''}"

    def reference(self, sent: "Sent") -> str:
        """Refer to a message as a later one does."""
        return f"{self.address},{self.identifier(sent)},{written(sent.sent_at)}"


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of ours: a line of a warning's log, `number` its place there."""

    number: int
    alert_id: UUID
    area_path: str
    sent_at: datetime
    cancels: bool = False


def written(at: datetime) -> str:
    """Write a time as CAP has it: to the second, with its zone."""
    return at.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M:%S+08:00")


def clean(said: str) -> str:
    """Give words without the signs that no XML may hold."""
    return UNSEEN.sub("", said).strip()


def status(*, is_drill: bool, synthetic: bool, is_draft: bool) -> Status:
    """Give how serious a message is: a drill never reads as real, and made-up data neither."""
    if is_draft:
        return "Draft"
    if is_drill:
        return "Exercise"
    return "Test" if synthetic else "Actual"


def urgency(*, onset_at: datetime | None, sent_at: datetime, cancels: bool) -> Urgency:
    """Give how soon one has to act."""
    if cancels:
        return "Past"
    ahead = (onset_at or sent_at) - sent_at
    if ahead > SOON:
        return "Future"
    return "Expected" if ahead > timedelta(0) else "Immediate"


def ours(identifier: str) -> tuple[UUID | None, int | None]:
    """Read what an identifier of ours names: a warning, or a line of its log."""
    try:
        return UUID(identifier.removesuffix(".cancel")), None
    except ValueError:
        number = identifier.rpartition("_")[2]
        return None, int(number) if number.isascii() and number.isdigit() else None


def whole_second(at: datetime) -> datetime:
    """Give a time as a message carries it, so that the two are one."""
    return at.astimezone(UTC).replace(microsecond=0)
