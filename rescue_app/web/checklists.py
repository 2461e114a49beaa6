"""Pages of checklists: all lists, one with its versions, the editor, and the figures."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, may, require
from gis.errors import Conflict, Missing, Rejected
from hazards.checklists import editions, figures, service
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web.checklists_form import Draft, Sent
from rescue_app.web.checklists_view import catalogue, detail, editor
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
Typed = Annotated[Sent, Form()]
Said = Annotated[str, Form()]
SECTION = "checklists"


@router.get("/checklists", name="checklists")
def list_page(
    request: Request,
    db: Db,
    who: Who,
    subject: str = "",
    hazard_type: str = "",
    mode: str = "",
    q: str = "",
) -> Response:
    """Show the lists in force."""
    wanted = editions.Wanted(subject, hazard_type, mode, q.strip())
    facts = catalogue(request, db, who, wanted)
    return page(request, "checklists/list.html", section=SECTION, **facts)


@router.get("/checklists/figures", name="figures")
def figures_page(request: Request, db: Db, who: Who) -> Response:
    """Show the figures at which answers turn bad, as they hold in the reader's area."""
    return show_figures(request, db, who)


@router.post("/checklists/figures/{code}")
def set_figure(
    request: Request, db: Db, who: Who, now: Now, code: str, value: Said = ""
) -> Response:
    """Set a figure for one's area; left empty, the one above holds again."""
    try:
        figure = float(value.replace(",", ".")) if value.strip() else None
        service.set_figure(db, code, value=figure, by=who, now=now)
    except (ValueError, Rejected) as trouble:
        return show_figures(request, db, who, wrong={code: (value, trouble)})
    return back(request, "/checklists/figures", "The figure holds from now on.")


@router.get("/checklists/new", name="new_checklist")
def new_page(request: Request, db: Db, who: Who) -> Response:
    """Show an empty editor."""
    require(who, Act.EDIT_TEMPLATE, city_of(who.area_path))
    return show_editor(request, db, who, Draft.of(None, 0), is_new=True)


@router.post("/checklists/new")
def enter(request: Request, db: Db, who: Who, sent: Typed) -> Response:
    """Take a step in the editor of a new list, or publish it."""
    return worked(request, db, who, sent, is_new=True)


@router.get("/checklists/{code}", name="checklist")
def list_detail(
    request: Request,
    db: Db,
    who: Who,
    code: str,
    version: Annotated[int | None, Query()] = None,
) -> Response:
    """Show a list as the phone does, and its versions with what differs."""
    facts = detail(request, db, who, code, version)
    return page(request, "checklists/detail.html", section=SECTION, **facts)


@router.get("/checklists/{code}/edit", name="edit_checklist")
def edit_page(request: Request, db: Db, who: Who, code: str) -> Response:
    """Show the editor on the version in force."""
    require(who, Act.EDIT_TEMPLATE, city_of(who.area_path))
    found = editions.versions(db, code)
    held = next((one for one in found if not one.retired), found[0])
    draft = Draft.of(editions.entries(db, [held])[held.version], held.version)
    return show_editor(request, db, who, draft, is_new=False)


@router.post("/checklists/{code}/edit")
def change(request: Request, db: Db, who: Who, code: str, sent: Typed) -> Response:
    """Take a step in the editor, or publish the next version."""
    sent.code = code
    return worked(request, db, who, sent, is_new=False)


@router.post("/checklists/{code}/retire")
def retire(request: Request, db: Db, who: Who, code: str) -> Response:
    """Take a list out of force; the way back is its last version."""
    held = editions.in_force(db, code)
    service.retire(db, code, by=who)
    undo = f"/checklists/{code}/versions/{held.version}" if held else None
    return back(request, f"/checklists/{code}", "Out of force: it is not asked any more.", undo)


@router.post("/checklists/{code}/versions/{version}")
def take(request: Request, db: Db, who: Who, code: str, version: int) -> Response:
    """Put what an earlier or shipped version says in force again, as the next version."""
    entry = editions.entries(db, editions.versions(db, code)).get(version)
    if entry is None:
        raise Missing("There is no such version of this checklist. Open the list of versions.")
    held = editions.in_force(db, code)
    service.publish(db, entry, seen_version=held.version if held else 0, by=who)
    return back(request, f"/checklists/{code}", "In force again.")


def worked(request: Request, db: Session, who: Actor, sent: Sent, *, is_new: bool) -> Response:
    """Do what the form asks for: a step, or the publishing of all of it."""
    require(who, Act.EDIT_TEMPLATE, city_of(who.area_path))
    draft = Draft.sent(sent)
    if sent.do != "save":
        draft.step(sent.do)
        return show_editor(request, db, who, draft, is_new=is_new)
    entry = draft.read()
    if entry is not None:
        try:
            with db.begin_nested():
                service.publish(db, entry, seen_version=draft.seen, by=who)
        except (Conflict, Rejected) as problem:
            draft.problem = problem
        else:
            return back(request, f"/checklists/{entry.code}", "Published: asked from now on.")
    return show_editor(request, db, who, draft, is_new=is_new, status=422)


def show_editor(
    request: Request, db: Session, who: Actor, draft: Draft, *, is_new: bool, status: int = 200
) -> Response:
    """Show the editor with what was typed and what is wrong with it."""
    problem = draft.problem and say(request, draft.problem.text, **draft.problem.values)
    facts = editor(request, db, who, draft, is_new=is_new)
    return page(
        request, "checklists/edit.html", status=status, section=SECTION, problem=problem, **facts
    )


def show_figures(
    request: Request,
    db: Session,
    who: Actor,
    wrong: dict[str, tuple[str, Exception]] | None = None,
) -> Response:
    """Show the figures with what was wrongly typed."""
    said = {
        code: (typed, say(request, problem.text, **problem.values)
               if isinstance(problem, Rejected)
               else say(request, "Write a number, such as 108.38."))
        for code, (typed, problem) in (wrong or {}).items()
    }  # fmt: skip
    return page(
        request,
        "checklists/figures.html",
        status=422 if wrong else 200,
        section=SECTION,
        figures=figures.listed(db, who.area_path),
        wrong=said,
        may_set=may(who, Act.SET_THRESHOLD, who.area_path),
    )


def back(request: Request, path: str, text: str, undo: str | None = None) -> Response:
    """Go on to a page and say there what was done."""
    return flash.say(RedirectResponse(path, 303), say(request, text), undo=undo)
