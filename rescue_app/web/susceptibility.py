"""Pages of what is possible: bring the ground in, let the map be drawn, read what it says."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from gis.authority import Act, Actor, may
from gis.errors import Rejected
from gis.store.base import new_id
from gis.store.files import plain_name
from hazards.evidence import repository as evidence
from hazards.susceptibility import repository
from hazards.susceptibility.rules import Asked, Kind
from rescue_app import evidence_search, susceptibility_map
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash, susceptibility_view
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SECTION = "points"
HOME = "/evidence/possible"
Said = Annotated[str, Form(max_length=200)]


class Figures(BaseModel):
    """The form of a map."""

    family: str = "geological"
    side_m: int = 500
    seed: int = 1

    def asked(self) -> Asked:
        """Give it as the map takes it."""
        return Asked(**self.model_dump())


@router.get(HOME, name="susceptibility")
def list_page(request: Request, db: Db, who: Who) -> Response:
    """Show the maps, what they are made of, and how one is let be drawn."""
    return show(request, db, who)


@router.post(HOME)
def begin(request: Request, db: Db, who: Who, figures: Annotated[Figures, Form()]) -> Response:
    """Let a job draw the map of one's area."""
    try:
        susceptibility_map.ask(db, figures.asked(), by=who)
    except Rejected as problem:
        return show(request, db, who, figures=figures, problem=problem)
    return RedirectResponse(HOME, 303)


@router.post(f"{HOME}/ground")
def bring_in(
    request: Request, db: Db, who: Who, now: Now, file: UploadFile, id: Annotated[UUID, Form()],  # noqa: A002 - the form's own word
    kind: Annotated[Kind, Form()], name: Said = "", crs: Said = "",
) -> Response:  # fmt: skip
    """Bring a raster of heights or of rain in, or lines of faults, rivers or roads."""
    try:
        take_in(request, db, file, id=id, kind=kind, name=name, by=who, now=now, system=crs or None)
    except Rejected as problem:
        return show(request, db, who, problem=problem)
    return flash.say(RedirectResponse(HOME, 303), say(request, "Brought in. The next map uses it."))


@router.get(f"{HOME}/{{run_id}}", name="susceptibility_map")
def map_page(request: Request, db: Db, who: Who, now: Now, run_id: UUID) -> Response:
    """Show one map: the classes, how well it did on blocks not seen, and what drove it."""
    made = repository.run(db, run_id)
    facts = susceptibility_view.map_facts(request, db, who, made, now)
    return page(request, "evidence/map.html", section=SECTION, **facts)


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


def show(
    request: Request, db: Db, who: Actor, *, figures: Figures | None = None,
    problem: Rejected | None = None,
) -> Response:  # fmt: skip
    """Show the list with everything already entered."""
    facts: dict[str, Any] = {
        "figures": figures or Figures(),
        "families": evidence.families(db),
        "kinds": list(Kind),
        "layers": repository.layers(db),
        "may_draw": may(who, Act.EDIT_POINT, who.area_path),
        "jobs": evidence_search.unfinished(db, who, kind=susceptibility_map.KIND),
        "runs": repository.runs(db),
        "layer_id": new_id(),
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "seq": request.app.state.hub.seq,
    }
    status = 422 if problem else 200
    return page(request, "evidence/possible.html", section=SECTION, status=status, **facts)
