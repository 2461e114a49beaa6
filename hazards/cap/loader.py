"""Bring the words for events in from their file, as often as one likes."""

from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import delete
from sqlalchemy.orm import Session

from hazards.cap.models import CapWord
from hazards.checklists.files import Strict, parse, read_yaml
from hazards.checklists.loader import upsert


class WordsEntry(Strict):
    """What others call a kind of hazard."""

    hazard_type: str
    words: tuple[str, ...]


def load(session: Session, path: Path) -> None:
    """Load the words in the order of the file; one that is gone from it is forgotten."""
    entries = parse(path, TypeAdapter(tuple[WordsEntry, ...]), read_yaml(path))
    said = [(word.lower(), one.hazard_type) for one in entries for word in one.words]
    rows = [
        {"word": word, "hazard_type": kind, "position": position}
        for position, (word, kind) in enumerate(dict(said).items(), start=1)
    ]
    session.execute(delete(CapWord).where(CapWord.word.not_in(list(dict(said)))))
    upsert(session, CapWord, rows)
