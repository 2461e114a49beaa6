"""The list that a scan asks, and what else is owed at the asset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from hazards.checklists.repository import Checklist
from hazards.modes.rules import Mode
from hazards.tasks.models import Task
from qr_codes.assets.models import Asset
from qr_codes.inspections import owed
from rescue_app.web.point_lists import list_names


@dataclass(frozen=True, slots=True)
class Asked:
    """What a patrol answers here; nothing where nobody answers."""

    checklist: Checklist | None = None
    owed: Sequence[Task] = ()
    names: Mapping[tuple[str, int], Checklist] = field(default_factory=dict)

    @property
    def begins(self) -> Task | None:
        """Give the owed list that the form answers."""
        code = self.checklist.code if self.checklist else ""
        return next((one for one in self.owed if one.template_code == code), None)

    @property
    def more(self) -> list[Task]:
        """Give what else is owed here."""
        code = self.checklist.code if self.checklist else ""
        return [one for one in self.owed if one.template_code != code]


def asked_at(
    session: Session, asset: Asset, mode: Mode, *, by: Actor, now: datetime, wanted: str
) -> Asked:
    """Give what is asked of whoever inspects: what is owed comes before what may be asked."""
    if not may(by, Act.INSPECT, asset.area_path):
        return Asked()
    due = owed.at(session, asset, now=now)
    checklist = owed.asked(session, asset, mode, due, wanted=wanted)
    return Asked(checklist, due, list_names(session, due))
