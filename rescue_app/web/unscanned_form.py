"""The form of an asset's list where no label was scanned."""

from dataclasses import dataclass
from typing import Self

from fastapi import Request
from fastapi.responses import Response

from gis.store.base import new_id
from hazards.checklists.repository import Checklist
from hazards.tasks.models import Task
from qr_codes.assets.models import Asset
from rescue_app.web import scan_ground, scan_room
from rescue_app.web.render import page
from rescue_app.web.scan_facts import Entered


@dataclass(frozen=True)
class Unscanned(scan_ground.Standing):
    """What the form needs of an asset; `at` is where it stands."""

    asset: Asset
    at: str
    checklist: Checklist
    entered: Entered
    visit_id: str
    room: scan_room.Room
    task: Task | None

    @classmethod
    def of(
        cls,
        asset: Asset,
        at: str,
        checklist: Checklist,
        entered: Entered | None,
        *,
        task: Task | None = None,
    ) -> Self:
        """Give the form of a list, with what was typed."""
        room = scan_room.Room("", endless=True)
        return cls(asset, at, checklist, entered or Entered(), str(new_id()), room, task)


def show(request: Request, scan: Unscanned, *, status: int = 200) -> Response:
    """Show the form of a list."""
    return page(request, "scan/unscanned.html", status=status, scan=scan)
