"""By when a finding's present stage has to be over: the minutes are data, the sum is here."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from sqlalchemy.orm import Session

from hazards.checklists.files import Code, Strict, Words, parse, read_yaml
from hazards.checklists.loader import upsert
from qr_codes.findings.models import FindingDeadline, ReportKind
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


class KindEntry(Strict):
    """What a resident can report, as the file writes it."""

    code: Code
    grade: Annotated[int, Field(ge=1, le=4)]
    name: Words


def load(session: Session, folder: Path) -> None:
    """Load `deadlines.yaml` and `kinds.yaml`, as often as one likes."""
    path = folder / "deadlines.yaml"
    entries = parse(path, TypeAdapter(tuple[Entry, ...]), read_yaml(path))
    upsert(session, FindingDeadline, [entry.model_dump() for entry in entries])
    path = folder / "kinds.yaml"
    kinds = parse(path, TypeAdapter(tuple[KindEntry, ...]), read_yaml(path))
    upsert(session, ReportKind, [kind_row(*pair) for pair in enumerate(kinds, start=1)])


def kind_row(position: int, entry: KindEntry) -> dict[str, Any]:
    """Give a kind as a row."""
    names = {"name_zh": entry.name.zh, "name_en": entry.name.en}
    return {"code": entry.code, "position": position, "grade": entry.grade} | names


def of_grade(session: Session, grade: int) -> FindingDeadline | None:
    """Give the times of a grade, if the city has set any."""
    return session.get(FindingDeadline, grade)


def due_at(now: Standing, given: FindingDeadline | None) -> datetime | None:
    """Give the end of the present stage; nothing where nothing is waited for."""
    name = MINUTES.get(now.state)
    if given is None or name is None or now.clock_from is None:
        return None
    return now.clock_from + timedelta(minutes=getattr(given, name))
