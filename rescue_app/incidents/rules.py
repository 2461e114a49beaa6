"""What an incident has to say before orders can be given for it."""

from dataclasses import dataclass
from uuid import UUID

from shapely import Point

from gis.errors import Rejected

GRADES = ("I", "II", "III", "IV")
SOURCES = ("report", "alert", "sensor", "resident", "finding")
TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """An incident as its reporter writes it; the id is made by his device."""

    id: UUID
    hazard_type: str
    title: str
    place: Point
    grade: str | None = None
    source: str = "report"
    is_drill: bool = False


def checked(draft: IncidentDraft) -> IncidentDraft:
    """Refuse a draft that nobody could act on."""
    if not draft.title.strip():
        raise Rejected("Say in a few words what happened.")
    if len(draft.title) > TITLE_LENGTH:
        raise Rejected(
            "The title is longer than {limit} characters. Shorten it.", limit=TITLE_LENGTH
        )
    if draft.grade is not None and draft.grade not in GRADES:
        raise Rejected("The grade is one of I, II, III and IV.")
    if draft.source not in SOURCES:
        raise Rejected("Choose where the report came from.")
    return draft
