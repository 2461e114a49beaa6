"""The ledger as a file: at once while it is small, by a job that leaves its result when not."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from fastapi.responses import FileResponse
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask

from gis.authority import Actor
from gis.errors import Conflict
from gis.exchange.writing.forms import Step
from gis.store import files
from hazards.points import exporting, repository
from rescue_app.api.points_query import ExportQuery
from rescue_app.jobs import service as jobs
from rescue_app.jobs.models import Job
from rescue_app.jobs.repository import of_owner
from rescue_app.jobs.running import Work, job

KIND = "points.export"
LISTED = 50
AT_ONCE_ROWS = 20_000
"""How many points an answer may carry; a job writes more."""


def fits(session: Session, asked: ExportQuery, *, now: datetime) -> bool:
    """Tell whether the answer itself can carry what was asked for."""
    return repository.count(session, asked.filter(session, now)) <= AT_ONCE_ROWS


def at_once(session: Session, asked: ExportQuery, *, name: str, now: datetime) -> FileResponse:
    """Write the file and answer with it."""
    if not fits(session, asked, now=now):
        raise Conflict(
            "These are more than {most} points: export them on the page of the ledger, where a"
            " job writes the file and it stays for you.",
            most=AT_ONCE_ROWS,
        )
    folder = mkdtemp(prefix="yitong-export-")
    tidy = BackgroundTask(shutil.rmtree, folder)
    path = Path(folder) / f"points.{asked.format.suffix}"
    try:
        _write(session, asked, path, now=now)
    except BaseException:
        shutil.rmtree(folder)
        raise
    media_type = asked.format.media_type
    return FileResponse(path, media_type=media_type, filename=name, background=tidy)


def ask(session: Session, asked: ExportQuery, *, name: str, by: Actor) -> Job:
    """Let a job write the file."""
    question = asked.model_dump(mode="json", exclude_defaults=True)
    return jobs.enqueue(session, KIND, by=by, question=question, name=name)


def mine(session: Session, who: Actor) -> dict[str, Any]:
    """Gather somebody's exports with their files."""
    asked = [one for one in of_owner(session, who.id, limit=LISTED) if one.kind == KIND]
    kept = files.attached(session, files.RESULT, [one.id for one in asked])
    return {"jobs": asked, "files": kept}


@job(KIND)
def make(work: Work, *, question: dict[str, Any], name: str) -> str:
    """Write the file with the eyes of whoever asked, and keep it for him."""
    asked, now = ExportQuery.model_validate(question), datetime.now(UTC)
    with work.unit() as session, TemporaryDirectory(prefix="yitong-export-") as folder:
        total = repository.count(session, asked.filter(session, now))
        path = Path(folder) / f"points.{asked.format.suffix}"
        _write(session, asked, path, now=now, step=_telling(work, total))
        files.keep(
            session,
            path,
            id=work.id,
            name=name,
            media_type=asked.format.media_type,
            by_id=work.scope.actor_id,
            area_path=work.scope.area_path,
            kind=files.RESULT,
            ref=work.id,
        )
    return f"file:{work.id}"


def _telling(work: Work, total: int) -> Callable[[int], None]:
    done = 0

    def step(rows: int) -> None:
        nonlocal done
        done += rows
        work.progress(done=done, total=total)

    return step


def _write(
    session: Session,
    asked: ExportQuery,
    path: Path,
    *,
    now: datetime,
    step: Step = lambda _: None,
) -> None:
    chosen = asked.filter(session, now)
    in_words = asked.words == "zh"
    exporting.write(
        session, chosen, asked.format, path, crs=asked.crs, in_words=in_words, step=step
    )
