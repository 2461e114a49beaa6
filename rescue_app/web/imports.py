"""Pages of bringing a list in: choose the file, say what is what, try, take it or send it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from gis.authority import may, require
from gis.intake import repository, service
from gis.intake.rules import AT_WORK, State
from rescue_app import imports, ledgers
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.receiving import DataSet
from rescue_app.web import imports_form
from rescue_app.web.imports_view import about, fields_of, known_of, looked_of
from rescue_app.web.render import language, page

router = APIRouter(include_in_schema=False)
PARTS = {
    State.CHOOSING: "choose",
    State.READY: "columns",
    State.CHECKED: "outcome",
    State.SENT: "sent",
    State.UNDONE: "sent",
    State.FAILED: "choose",
    **dict.fromkeys(AT_WORK, "waiting"),
}
"""Which template shows an import where it stands."""
Code = Annotated[str, Query(max_length=20)]
Text = Annotated[str, Form(max_length=500)]


async def sent_fields(request: Request) -> dict[str, str]:
    """Give a form whose names depend on the file."""
    sent = await request.form()
    return {name: value for name, value in sent.items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(sent_fields)]


@router.get("/imports", name="imports")
def list_page(request: Request, db: Db, who: Who, of: Code = ledgers.POINTS.code) -> Response:
    """Show past imports into a ledger, and the place to drop a file."""
    into = ledgers.called(of)
    facts = {"imports": repository.listed(db, into.code), "seq": request.app.state.hub.seq}
    facts |= {"kind": into.code, "may": may(who, into.act, who.area_path)}
    into_sight(into, who)
    facts["most_mb"] = request.app.state.settings.upload_limit_mb
    return page(request, "imports/list.html", section=into.section or into.code, **facts)


@router.put("/api/v1/imports/{import_id}", status_code=201)
def receive(
    request: Request, sent: DataSet, db: Db, who: Who, now: Now, import_id: UUID,
    of: Code = ledgers.POINTS.code,
) -> dict[str, str]:  # fmt: skip
    """Take a file in; the same id again is the same import once."""
    into = ledgers.called(of)
    this = service.receive(
        db, sent.path, id=import_id, kind=into.code, act=into.act, name=sent.name, by=who, now=now
    )
    if this.job_id is None:
        imports.start(db, this, imports.LOOK, by=who, lang=language(request))
    return {"id": str(this.id), "page": f"/imports/{this.id}"}


@router.get("/imports/{import_id}", name="import")
def import_page(request: Request, db: Db, who: Who, now: Now, import_id: UUID) -> Response:
    """Show an import where it stands."""
    this = repository.visible(db, import_id)
    into_sight(ledgers.called(this.kind), who)
    facts = about(request, db, this, who, now)
    return page(request, f"imports/{PARTS[State(this.state)]}.html", **facts)


@router.post("/imports/{import_id}/reading")
def read_again(
    request: Request, db: Db, who: Who, import_id: UUID, layer: Text = "", encoding: Text = ""
) -> Response:
    """Read the file anew: another sheet of it, or in another encoding."""
    this = service.own(repository.visible(db, import_id, lock=True), who)
    service.read_as(db, this, layer=layer or None, encoding=encoding or None)
    return step(request, db, who, import_id, imports.LOOK)


@router.post("/imports/{import_id}/columns")
def say_columns(
    request: Request, sent: Fields, db: Db, who: Who, now: Now, import_id: UUID
) -> Response:
    """Keep what was chosen; with `go` try it."""
    this = service.own(repository.visible(db, import_id, lock=True), who)
    sent |= {"crs": sent["convert"]} if "convert" in sent else {}
    looked, fields = looked_of(this), fields_of(db, this)
    sent = imports_form.with_new_type(sent, looked, fields)
    service.say(db, this, imports_form.read(sent, looked, fields, known_of(this)))
    if sent.keys() & {"go", "convert"}:
        return step(request, db, who, import_id, imports.TRY)
    return page(request, "imports/columns.html", **about(request, db, this, who, now))


@router.post("/imports/{import_id}/back")
def back_to_columns(db: Db, who: Who, now: Now, import_id: UUID) -> Response:
    """Go back from a trial to the columns."""
    service.begin(db, import_id, State.READY, by=who, now=now)
    return RedirectResponse(f"/imports/{import_id}", 303)


@router.post("/imports/{import_id}/send")
def send(request: Request, db: Db, who: Who, import_id: UUID) -> Response:
    """Send the rows for review, or take them at once where nobody reviews."""
    return step(request, db, who, import_id, imports.SEND)


@router.post("/imports/{import_id}/undo")
def undo(request: Request, db: Db, who: Who, import_id: UUID) -> Response:
    """Take an import back as a whole."""
    return step(request, db, who, import_id, imports.UNDO)


@router.post("/imports/{import_id}/stop")
def stop(db: Db, who: Who, import_id: UUID) -> Response:
    """Stop what is being done with the file."""
    imports.stop(db, import_id, by=who)
    return RedirectResponse(f"/imports/{import_id}", 303)


@router.post("/imports/{import_id}/free")
def free(db: Db, _: Who, import_id: UUID) -> Response:
    """Go on with an import whose job was given up."""
    imports.release(db, repository.visible(db, import_id, lock=True))
    return RedirectResponse(f"/imports/{import_id}", 303)


def into_sight(into: ledgers.Ledger, who: Who) -> None:
    """Keep lists of persons from whoever does not keep such lists."""
    if into.private:
        require(who, into.act, who.area_path)


def step(request: Request, db: Db, who: Who, import_id: UUID, kind: str) -> Response:
    """Let a job go on, and show it at work."""
    imports.again(db, import_id, kind, by=who, lang=language(request))
    return RedirectResponse(f"/imports/{import_id}", 303)
