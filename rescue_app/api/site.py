"""Words from the site over HTTP: reports, people moved, calls for support."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, ConfigDict

from rescue_app.api.order_shapes import Placed
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.site import service
from rescue_app.site.models import SiteReport
from rescue_app.site.rules import Need, ReportDraft, ReportKind

router = APIRouter(prefix="/api/v1", tags=["orders"])


class SiteReportIn(Placed):
    """A report as the crew's phone sends it, perhaps long after the deed."""

    id: UUID
    kind: ReportKind
    words: str = ""
    need: Need | None = None
    people_moved: int | None = None
    done_at: AwareDatetime | None = None
    file_ids: tuple[UUID, ...] = ()

    def draft(self) -> ReportDraft:
        """Give it as the service takes it."""
        return ReportDraft(**self.model_dump(exclude={"lon", "lat"}), place=self.place())


class SiteReportOut(Placed):
    """A report as it was kept."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    order_id: UUID
    assignment_id: UUID
    kind: str
    need: str | None
    words: str
    people_moved: int | None
    by_name: str
    by_phone: str
    done_at: datetime
    received_at: datetime

    @classmethod
    def of(cls, kept: SiteReport) -> Self:
        """Read it off the row."""
        told = cls.model_validate(kept)
        if kept.place is not None:
            told.lon, told.lat = kept.place.x, kept.place.y
        return told


@router.post("/hops/{hop_id}/reports", status_code=201)
def report(db: Db, actor: Who, now: Now, hop_id: UUID, body: SiteReportIn) -> SiteReportOut:
    """Keep what a crew tells from its site; the same id again is the same report."""
    return SiteReportOut.of(
        service.report(db, hop_id=hop_id, draft=body.draft(), by=actor, now=now)
    )
