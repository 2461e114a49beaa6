"""By when a finding's present stage has to be over: the minutes are data, the sum is here."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter
from sqlalchemy.orm import Session

from hazards.checklists.files import Strict, parse, read_yaml
from hazards.checklists.loader import upsert
from qr_codes.findings.models import FindingDeadline
from qr_codes.findings.rules import Standing, State

MINUTES = {
    State.DISCOVERED: "accept_min",
    State.ACCEPTED: "finish_min",
    State.IN_HAND: "finish_min",
    State.FINISHED: "verify_min",
    State.VERIFIED: "feed_back_min",
}
Minutes = Annotated[int, Field(gt=0, le=525_600)]


class Entry(Strict):
    """The times of one grade as the file writes them."""

    grade: Annotated[int, Field(ge=1, le=4)]
    accept_min: Minutes
    finish_min: Minutes
    verify_min: Minutes
    feed_back_min: Minutes
    calls_at_once: bool


def load(session: Session, folder: Path) -> int:
    """Load `deadlines.yaml`, as often as one likes; give the number of grades."""
    path = folder / "deadlines.yaml"
    entries = parse(path, TypeAdapter(tuple[Entry, ...]), read_yaml(path))
    upsert(session, FindingDeadline, [entry.model_dump() for entry in entries])
    return len(entries)


def of_grade(session: Session, grade: int) -> FindingDeadline | None:
    """Give the times of a grade, if the city has set any."""
    return session.get(FindingDeadline, grade)


def due_at(now: Standing, given: FindingDeadline | None) -> datetime | None:
    """Give the end of the present stage; nothing where nothing is waited for."""
    name = MINUTES.get(now.state)
    if given is None or name is None or now.clock_from is None:
        return None
    return now.clock_from + timedelta(minutes=getattr(given, name))
