"""The ground of the maps, on its page: bring it in, remove it, bring it back."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from gis.errors import Conflict, Rejected
from gis.store.files import plain_name
from hazards.susceptibility import removing
from hazards.susceptibility.rules import Kind
from rescue_app import susceptibility_map
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.render import say
from rescue_app.web.susceptibility import HOME, show

router = APIRouter(include_in_schema=False)
Said = Annotated[str, Form(max_length=200)]


@router.post(f"{HOME}/ground")
def bring_in(
    request: Request, db: Db, who: Who, now: Now, file: UploadFile, id: Annotated[UUID, Form()],  # noqa: A002 - the form's own word
    kind: Annotated[Kind, Form()], name: Said = "", crs: Said = "",
) -> Response:  # fmt: skip
    """Bring a raster of heights or of rain in, or lines of faults, rivers or roads."""
    try:
        take_in(request, db, file, id=id, kind=kind, name=name, by=who, now=now, system=crs or None)
    except Rejected as problem:
        return show(request, db, who, now, problem=problem)
    return flash.say(RedirectResponse(HOME, 303), say(request, "Brought in. The next map uses it."))


@router.post(f"{HOME}/ground/{{layer_id}}/remove")
def remove(request: Request, db: Db, who: Who, now: Now, layer_id: UUID) -> Response:
    """Let no further map use it, unless one is being drawn with it."""
    try:
        susceptibility_map.remove_ground(db, layer_id, by=who, now=now)
    except Conflict as problem:
        return show(request, db, who, now, problem=problem, status=409)
    text = say(request, "Removed. Maps that were drawn with it stay and name it.")
    return flash.say(RedirectResponse(HOME, 303), text, undo=f"{HOME}/ground/{layer_id}/restore")


@router.post(f"{HOME}/ground/{{layer_id}}/restore")
def restore(request: Request, db: Db, who: Who, now: Now, layer_id: UUID) -> Response:
    """Let maps use it again."""
    try:
        removing.bring_back(db, layer_id, by=who, now=now)
    except Conflict as problem:
        return show(request, db, who, now, problem=problem, status=409)
    return flash.say(RedirectResponse(HOME, 303), say(request, "Back. The next map uses it."))


def take_in(request: Request, db: Db, file: UploadFile, *, name: str, **how: Any) -> None:
    """Lay the file on the disk for as long as it is looked at."""
    from hazards.susceptibility import ground  # noqa: PLC0415 - rasterio takes its time

    most_mb = request.app.state.settings.upload_limit_mb
    if (file.size or 0) > most_mb * 1_000_000:
        raise Rejected("This file is larger than {most} MB. Split it.", most=most_mb)
    if not file.size:
        raise Rejected("Choose a file first.")
    with TemporaryDirectory(prefix="yitong-ground-") as folder:
        path = Path(folder) / plain_name(file.filename or "ground.tif")
        with path.open("wb") as written:
            shutil.copyfileobj(file.file, written)
        ground.bring_in(db, path, name=name, **how)
