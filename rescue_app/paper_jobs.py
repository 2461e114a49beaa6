"""Paper as a job: read, set in type, proved, and left to be fetched."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.store import files
from rescue_app.jobs import service as jobs
from rescue_app.jobs.models import Job
from rescue_app.jobs.repository import of_owner
from rescue_app.jobs.running import Work, job
from rescue_app.papers import notes
from rescue_app.papers.asked import Asked, Made, Paper
from rescue_app.web import paper_making

KIND = "papers.make"
LISTED = 30
CARDS = frozenset({Paper.REFUGE, Paper.WORK})


def ask(session: Session, asked: Asked, *, name: str, by: Actor) -> Job:
    """Let a job make a paper."""
    checked(asked, by=by)
    return jobs.enqueue(session, KIND, by=by, asked=asdict(asked), name=name)


def checked(asked: Asked, *, by: Actor) -> None:
    """Hold that somebody may have this paper: cards carry names that not every reader sees."""
    private = asked.paper in CARDS or asked.private
    require(by, Act.EDIT_POINT if private else Act.READ, asked.under)


def mine(session: Session, who: Actor) -> dict[str, Any]:
    """Gather somebody's papers with their files."""
    asked = [one for one in of_owner(session, who.id, limit=LISTED) if one.kind == KIND]
    return {"jobs": asked, "files": files.attached(session, files.RESULT, [o.id for o in asked])}


@job(KIND)
def make(work: Work, *, asked: dict[str, Any], name: str) -> str:
    """Make it with the eyes of whoever asked, and keep it for him."""
    wanted, now = Asked(**asked), datetime.now(UTC)
    with TemporaryDirectory(prefix="yitong-paper-") as folder:
        path = Path(folder) / "paper"
        made = paper_making.made(
            work.unit, wanted, path, now=now,
            step=lambda done, total: work.progress(done=done, total=total),
        )  # fmt: skip
        work.heed()
        keep(work, made, path, name=name, by_name=wanted.who, now=now)
    return f"file:{work.id}"


def keep(work: Work, made: Made, path: Path, *, name: str, by_name: str, now: datetime) -> None:
    """Leave the file for whoever asked, and note with it which cards were printed."""
    with work.unit() as session:
        notes.note_printed(session, made.prints, by_name=by_name, now=now)
        files.keep(
            session, path, id=work.id, name=f"{name}.{made.suffix}", media_type=made.media_type,
            by_id=work.scope.actor_id, area_path=work.scope.area_path, kind=files.RESULT,
            ref=work.id,
        )  # fmt: skip
