"""The registry as a file over HTTP, at once; what is too long for that is the command's."""

import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, Response
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask

from gis import crs as systems
from gis.areas.placing import day_of
from gis.errors import Conflict
from gis.exchange.writing.forms import Form
from qr_codes.assets import exporting, repository
from qr_codes.assets.repository import IN_USE, Wanted
from qr_codes.coverage import repository as coverage
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1", tags=["assets"])
AT_ONCE_ROWS = 20_000


def wanted_of(  # noqa: D103 - the words of the address
    db: Db, now: Now, q: str = "", type: str = "", label: str = "", visit: str = "",  # noqa: A002 - as above
    under: str = "", state: str = IN_USE,
) -> Wanted:  # fmt: skip
    wanted = Wanted(q.strip(), type, label, under, state, visit=visit)
    return coverage.narrowed(db, wanted, now=now)


@router.get("/assets/export")
def export_assets(  # noqa: D103 - the words of the address
    db: Db, _: Who, now: Now, wanted: Annotated[Wanted, Depends(wanted_of)],
    format: Form = Form.CSV, crs: str = systems.WGS84,  # noqa: A002 - the word of the interface
    words: Literal["", "zh"] = "",
) -> Response:  # fmt: skip
    name = f"assets-{day_of(now).isoformat()}.{format.suffix}"
    return at_once(db, wanted, format, name=name, crs=crs, in_words=words == "zh")


def at_once(
    session: Session, wanted: Wanted, form: Form, *, name: str, crs: str, in_words: bool
) -> FileResponse:
    """Write the file and answer with it."""
    _, total = repository.listing(session, wanted)
    if total > AT_ONCE_ROWS:
        raise Conflict(
            "These are more than {most} assets: narrow the list, or use `yitong assets export`.",
            most=AT_ONCE_ROWS,
        )
    folder = mkdtemp(prefix="yitong-export-")
    tidy = BackgroundTask(shutil.rmtree, folder)
    path = Path(folder) / f"assets.{form.suffix}"
    try:
        exporting.write(session, wanted, form, path, crs=crs, in_words=in_words)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return FileResponse(path, media_type=form.media_type, filename=name, background=tidy)
