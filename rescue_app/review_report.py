"""The printed review as a job: read anew, drawn, set in type, and left to be fetched."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store import files
from rescue_app.incidents import service as incidents
from rescue_app.jobs import service as jobs
from rescue_app.jobs.models import Job
from rescue_app.jobs.repository import of_owner
from rescue_app.jobs.running import Work, job
from rescue_app.review import service
from rescue_app.web import review_paper

KIND = "review.report"
LISTED = 50
STAGES = 4


def ask(session: Session, *, incident_id: UUID, name: str, locale: str, by: Actor) -> Job:
    """Let a job print the review of an incident."""
    incidents.visible(session, incident_id)
    said = {"incident_id": str(incident_id), "name": name, "locale": locale, "who": by.name}
    return jobs.enqueue(session, KIND, by=by, **said)


def mine(session: Session, who: Actor, incident_id: UUID) -> dict[str, Any]:
    """Gather somebody's reports on an incident with their files."""
    asked = [
        one
        for one in of_owner(session, who.id, limit=LISTED)
        if one.kind == KIND and one.args["incident_id"] == str(incident_id)
    ]
    return {"jobs": asked, "files": files.attached(session, files.RESULT, [o.id for o in asked])}


@job(KIND)
def make(work: Work, *, incident_id: str, name: str, locale: str, who: str) -> str:
    """Print it with the eyes of whoever asked, and keep it for him."""
    from rescue_app.review import printing  # noqa: PLC0415 - the typesetter is the job's

    now = datetime.now(UTC)
    work.progress(done=0, total=STAGES)
    with work.unit() as session:
        review = service.of_incident(session, UUID(incident_id), now=now)
        work.progress(done=1, total=STAGES)
        told = review_paper.telling(session, review, locale=locale, font=printing.family(), who=who)
    work.progress(done=2, total=STAGES)
    pdf = printing.printed(told)
    work.progress(done=3, total=STAGES)
    with work.unit() as session, TemporaryDirectory(prefix="yitong-review-") as folder:
        path = Path(folder) / "review"
        path.write_bytes(pdf)
        files.keep(
            session,
            path,
            id=work.id,
            name=name,
            media_type="application/pdf",
            by_id=work.scope.actor_id,
            area_path=work.scope.area_path,
            kind=files.RESULT,
            ref=work.id,
        )
    work.progress(done=STAGES, total=STAGES)
    return f"file:{work.id}"
