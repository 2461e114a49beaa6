"""One version of what the field said: its row, the list that judged it, its photos and findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from hazards.checklists import repository as checklists
from hazards.checklists import visits
from hazards.checklists.repository import Checklist
from hazards.checklists.rules import Item
from hazards.conflicts.models import VersionConflict
from hazards.conflicts.rules import About
from hazards.photos import repository as photos
from hazards.photos.models import VisitPhoto
from hazards.tasks import repository as tasks
from hazards.tasks.models import TaskAnswer
from qr_codes.findings import repository as findings
from qr_codes.findings.models import Finding
from qr_codes.inspections import repository as inspections
from qr_codes.inspections.models import Inspection

Row = Inspection | TaskAnswer


@dataclass(frozen=True)
class Version:
    """One version as the page shows it."""

    row: Row
    checklist: Checklist
    photos: Sequence[VisitPhoto]
    findings: Sequence[Finding]
    sent_at: datetime | None
    aside: bool

    def said(self, code: str) -> dict[str, Any] | None:
        """Give what it says to a question, if it says anything."""
        return next((one for one in self.row.answers if one["item"] == code), None)

    def photos_of(self, code: str) -> list[VisitPhoto]:
        """Give the photos that an item of its list asks for."""
        return [one for one in self.photos if one.item == code]

    @property
    def loose(self) -> list[VisitPhoto]:
        """Give the photos and voice notes that no item of its list asks for."""
        asked = {item.code for item in self.checklist.items}
        return [one for one in self.photos if one.item not in asked]

    def shown(self, item: Item) -> str | None:
        """Give an answer in words; nothing where there is none or a mark says it all."""
        said = self.said(item.code)
        return visits.shown(item, said["value"]) if said else None


def version(
    session: Session, conflict: VersionConflict, row_id: UUID, *, is_second: bool = False
) -> Version:
    """Read one version with the list that judged it."""
    row: Row
    found: Sequence[Finding] = ()
    if conflict.about == About.ASSET:
        row = inspections.visible(session, row_id)
        found = findings.of_inspection(session, row_id)
    else:
        row = tasks.answer(session, row_id)
    promised = [UUID(one) for one in conflict.facts.get("photos", ())]
    taken = photos.by_ids(session, promised) if is_second else photos.of(session, row_id)
    asked = checklists.of_version(
        session, row.template_code, row.template_version, area_path=row.area_path
    )
    sent_at = conflict.sent_at if is_second else None
    return Version(row, asked, taken, found, sent_at, aside=conflict.aside_id == row_id)
