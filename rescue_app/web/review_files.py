"""The timeline of a review as a file under a name that one finds again."""

import shutil
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

from fastapi import Request
from fastapi.responses import FileResponse
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask

from gis.exchange.writing.forms import Form, Wording
from rescue_app.review import files, service
from rescue_app.web.render import local_time, say


def named(request: Request, title: str, is_drill: bool, now: datetime) -> str:
    """Name a file so that one finds it again."""
    what = say(request, "Result of the drill") if is_drill else say(request, "After-action review")
    safe = "".join(sign if sign.isalnum() else "-" for sign in title)[:60]
    return f"{what}-{safe}-{local_time(now, '%Y%m%d-%H%M')}"


def saved(
    request: Request, db: Session, incident_id: UUID, form: Form, now: datetime, wording: Wording
) -> FileResponse:
    """Write the file and answer with it."""
    incident, night = service.night_of(db, incident_id)
    folder = mkdtemp(prefix="yitong-review-")
    path = Path(folder) / f"timeline.{form.suffix}"
    try:
        title, is_drill = incident.title, incident.is_drill
        files.write(db, night, form, path, title=title, is_drill=is_drill, wording=wording)
    except BaseException:
        shutil.rmtree(folder)
        raise
    name = f"{named(request, incident.title, incident.is_drill, now)}.{form.suffix}"
    tidy = BackgroundTask(shutil.rmtree, folder)
    return FileResponse(path, media_type=form.media_type, filename=name, background=tidy)
