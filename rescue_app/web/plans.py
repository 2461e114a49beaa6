"""Pages of response plans: all of them, one at a level with its versions, the editor, the file."""

from itertools import pairwise
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, may, require
from gis.errors import Conflict, Rejected
from hazards.duty import abilities
from qr_codes.stores.models import Material
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.levels import repository as levels
from rescue_app.plans import files, repository, rules, service
from rescue_app.web import flash
from rescue_app.web.plans_form import Draft, Sent
from rescue_app.web.render import language, page, say

router = APIRouter(include_in_schema=False)
SECTION = "incidents"
Level = Literal["I", "II", "III", "IV"]
Version = Annotated[int | None, Query(ge=1)]


@router.get("/plans", name="plans")
def list_page(request: Request, db: Db, _: Who) -> Response:
    """Show the plans in force."""
    held = repository.all_in_force(db)
    rows = [(kind, held.get(kind.code)) for kind in levels.types(db)]
    return page(request, "plans/list.html", rows=rows, section=SECTION)


@router.get("/plans/{code}", name="plan")
def show_plan(
    request: Request, db: Db, who: Who, code: str, level: Level = "I", version: Version = None
) -> Response:
    """Show what is done at a level: its own actions and those of the lower ones."""
    facts = detail(request, db, who, code, level, version)
    return page(request, "plans/detail.html", section=SECTION, **facts)


@router.get("/plans/{code}/file.yaml")
def export(db: Db, _: Who, code: str, version: Version = None) -> Response:
    """Give a version as a file that can be brought in again."""
    row = service.version_of(db, code, version)
    headers = {"content-disposition": f'attachment; filename="plan-{code}-{row.version}.yaml"'}
    said = files.written(service.entry_of(row))
    return Response(said, media_type="application/yaml; charset=utf-8", headers=headers)


@router.get("/plans/{code}/edit", name="edit_plan")
def edit_page(request: Request, db: Db, who: Who, code: str) -> Response:
    """Show the editor on the version in force."""
    require(who, Act.EDIT_TEMPLATE, city_of(who.area_path))
    held = repository.in_force(db, code)
    raw = held.content if held else {"actions": []}
    return show_editor(request, db, code, Draft.brought(raw, held.version if held else 0))


@router.post("/plans/{code}/edit")
def change(
    request: Request, db: Db, who: Who, now: Now, code: str, sent: Annotated[Sent, Form()]
) -> Response:
    """Take a step in the editor, or publish the next version."""
    require(who, Act.EDIT_TEMPLATE, city_of(who.area_path))
    draft = Draft.sent(sent)
    if sent.do != "save":
        draft.step(sent.do)
        return show_editor(request, db, code, draft)
    return published(request, db, who, code, draft, now)


@router.post("/plans/{code}/import")
def bring_in(request: Request, db: Db, who: Who, code: str, file: UploadFile) -> Response:
    """Open the editor on a file; nothing is published until somebody says so."""
    require(who, Act.EDIT_TEMPLATE, city_of(who.area_path))
    return looked_at(request, db, who, code, file.file.read(files.MOST_BYTES + 1))


@router.post("/plans/{code}/versions/{version}")
def take(request: Request, db: Db, who: Who, now: Now, code: str, version: int) -> Response:
    """Put what an earlier or shipped version says in force again, as the next version."""
    entry = service.entry_of(service.version_of(db, code, version))
    held = repository.in_force(db, code)
    seen = held.version if held else 0
    service.publish(db, entry, seen_version=seen, by=who, now=now)
    return back(request, f"/plans/{code}", "In force again.")


def looked_at(request: Request, db: Session, who: Actor, code: str, said: bytes) -> Response:
    """Open the editor on what a file says, or say why it is no plan."""
    try:
        entry = files.read_text(said, code)
    except Rejected as problem:
        facts = detail(request, db, who, code, "I", None)
        facts |= {"problem": say(request, problem.text, **problem.values)}
        return page(request, "plans/detail.html", status=422, section=SECTION, **facts)
    held = repository.in_force(db, code)
    draft = Draft.brought(entry.model_dump(mode="json"), held.version if held else 0)
    return show_editor(request, db, code, draft, new=True)


def published(
    request: Request, db: Session, who: Actor, code: str, draft: Draft, now: Any
) -> Response:
    """Publish what stands in the editor, or say what is wrong with it."""
    entry = draft.read(code)
    if entry is not None:
        try:
            with db.begin_nested():
                service.publish(db, entry, seen_version=draft.seen, by=who, now=now)
        except (Conflict, Rejected) as problem:
            draft.problem = problem
        else:
            return back(request, f"/plans/{code}", "Published: it holds from now on.")
    return show_editor(request, db, code, draft, status=422)


def detail(
    request: Request, db: Session, who: Actor, code: str, level: str, version: int | None
) -> dict[str, Any]:
    """Give one version of a plan at a level, and its versions with what differs."""
    found = repository.versions(db, code)
    shown = service.version_of(db, code, version)
    read = {row.version: service.entry_of(row).as_actions() for row in found}
    return {
        "shown": shown,
        "entry": service.entry_of(shown),
        "level": level,
        "actions": rules.at_level(read[shown.version], level),
        "versions": found,
        "changes": {
            newer.version: list(rules.differences(read[older.version], read[newer.version]))
            for newer, older in pairwise(found)
        },
        "may_edit": may(who, Act.EDIT_TEMPLATE, city_of(who.area_path)),
        "problem": "",
    } | words(request, db)


def words(request: Request, db: Session) -> dict[str, Any]:
    """Give the names of plans and materials in the reader's language."""
    chinese = language(request) == "zh"
    return {
        "abilities": abilities.names(db, chinese=chinese),
        "kinds": {kind.code: kind for kind in levels.types(db)},
        "materials": {
            one.code: (
                one.name_zh if chinese else one.name_en,
                one.unit_zh if chinese else one.unit_en,
            )
            for one in db.scalars(select(Material).order_by(Material.position))
        },
    }


def show_editor(
    request: Request, db: Session, code: str, draft: Draft, *, new: bool = False, status: int = 200
) -> Response:
    """Show the editor with what was typed and what is wrong with it."""
    problem = draft.problem and say(request, draft.problem.text, **draft.problem.values)
    facts = words(request, db) | {"draft": draft, "code": code, "brought": new, "slip": draft.slip}
    return page(
        request, "plans/edit.html", status=status, section=SECTION, problem=problem, **facts
    )


def back(request: Request, path: str, text: str) -> Response:
    """Go on to a page and say there what was done."""
    return flash.say(RedirectResponse(path, 303), say(request, text))
