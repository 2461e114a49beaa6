"""Pages of rules: all of them, one with its versions, its editor, and files of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, may, require
from gis.errors import Conflict, Missing, PlatformError, Rejected
from hazards.judging import files, live, publishing
from hazards.judging import repository as judged
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web import rules_view as view
from rescue_app.web.render import page, say
from rescue_app.web.rules_form import Draft, Sent

router = APIRouter(include_in_schema=False)
SECTION = "monitoring"
Version = Annotated[int | None, Query(ge=1)]


@router.get("/rules", name="rules")
def list_page(request: Request, db: Db, who: Who) -> Response:
    """Show the rules in force and those that were taken out."""
    return show(request, db, who, "rules/list.html", rules=view.listed(db), problem="")


@router.get("/rules/file.yaml")
def export_all(db: Db, _: Who) -> Response:
    """Give all rules in force as a file that can be brought in again."""
    return as_file(files.written(live.entry_of(one) for one in judged.in_force(db)), "rules")


@router.post("/rules/import")
def bring_in(request: Request, db: Db, who: Who, file: UploadFile) -> Response:
    """Tell what a file would do; nothing is published until somebody says so."""
    require(who, Act.SET_THRESHOLD, city_of(who.area_path))
    return looked_at(request, db, who, file.file.read(files.MOST_BYTES + 1))


@router.post("/rules/import/apply")
def take_over(request: Request, db: Db, who: Who, said: Annotated[str, Form()]) -> Response:
    """Publish the rules of a file."""
    for entry in files.read_text(said.encode()):
        seen = judged.held(db, entry.code)
        publishing.publish(db, entry, seen_version=seen.version if seen else 0, by=who)
    return back(request, "/rules", "The rules of this file are in force.")


@router.get("/rules/{code}", name="rule")
def show_rule(request: Request, db: Db, who: Who, code: str, version: Version = None) -> Response:
    """Show one rule, and its versions with what differs."""
    return show(request, db, who, "rules/detail.html", **view.detail(db, code, version))


@router.get("/rules/{code}/file.yaml")
def export(db: Db, _: Who, code: str, version: Version = None) -> Response:
    """Give a version as a file."""
    row = view.version_of(db, code, version)
    return as_file(files.written([live.entry_of(row)]), f"rule-{code}-{row.version}")


@router.get("/rules/{code}/edit", name="edit_rule")
def edit_page(request: Request, db: Db, who: Who, code: str) -> Response:
    """Show the editor on the version in force; `new` is an empty one."""
    require(who, Act.SET_THRESHOLD, city_of(who.area_path))
    held = judged.held(db, code)
    if held is None and code != "new":
        raise Missing("There is no rule of this code in force.")
    draft = Draft.brought(live.entry_of(held) if held else None, held.version if held else 0)
    return show_editor(request, db, who, code, draft)


@router.post("/rules/{code}/edit")
def change(
    request: Request, db: Db, who: Who, now: Now, code: str, sent: Annotated[Sent, Form()]
) -> Response:
    """Take a step in the editor, try the rule on the past, or publish it."""
    require(who, Act.SET_THRESHOLD, city_of(who.area_path))
    draft = Draft.sent(sent)
    if sent.do == "save":
        return published(request, db, who, code, draft)
    draft.step(sent.do)
    trial = view.trial(db, draft, code, sent, now=now) if sent.do == "try" else None
    return show_editor(request, db, who, code, draft, trial=trial)


@router.post("/rules/{code}/versions/{version}")
def take(request: Request, db: Db, who: Who, code: str, version: int) -> Response:
    """Put what an earlier or shipped version says in force again, as the next version."""
    entry = live.entry_of(view.version_of(db, code, version))
    held = judged.held(db, code)
    publishing.publish(db, entry, seen_version=held.version if held else 0, by=who)
    return back(request, f"/rules/{code}", "In force again.")


@router.post("/rules/{code}/retire")
def retire(request: Request, db: Db, who: Who, now: Now, code: str) -> Response:
    """Take a rule out of force."""
    publishing.retire(db, code, by=who, now=now)
    return back(request, "/rules", "Out of force: nothing is judged by it any more.")


def published(request: Request, db: Session, who: Actor, code: str, draft: Draft) -> Response:
    """Publish what stands in the editor, or say what is wrong with it."""
    entry = draft.read(code)
    if entry is not None:
        try:
            with db.begin_nested():
                publishing.publish(db, entry, seen_version=draft.seen, by=who)
        except (Conflict, Rejected) as problem:
            draft.problem = problem
        else:
            return back(request, f"/rules/{entry.code}", "Published: it holds from now on.")
    return show_editor(request, db, who, code, draft, status=422)


def looked_at(request: Request, db: Session, who: Actor, said: bytes) -> Response:
    """Show what a file would do, or why it is no list of rules."""
    try:
        found = view.compared(db, files.read_text(said))
    except Rejected as problem:
        told: Any = {"rules": view.listed(db), "problem": in_words(request, problem)}
        return show(request, db, who, "rules/list.html", 422, **told)
    facts: Any = {"found": found, "said": said.decode("utf-8", "replace")}
    return show(request, db, who, "rules/import.html", **facts)


def show_editor(
    request: Request, db: Session, who: Actor, code: str, draft: Draft, *,
    trial: view.Trial | None = None, status: int = 200,
) -> Response:  # fmt: skip
    """Show the editor with what was typed, what is wrong with it, and what it would have said."""
    wrong = draft.problem or (trial.problem if trial else None)
    facts: dict[str, Any] = {"draft": draft, "code": code, "trial": trial}
    facts |= view.choices(db, draft) | {"problem": in_words(request, wrong) if wrong else ""}
    return show(request, db, who, "rules/edit.html", 422 if wrong else status, **facts)


def show(
    request: Request, db: Session, who: Actor, name: str, status: int = 200, **facts: Any
) -> Response:
    """Show a page with the words of what is measured."""
    facts |= view.words(db) | {"may_edit": may(who, Act.SET_THRESHOLD, city_of(who.area_path))}
    return page(request, name, status=status, section=SECTION, **facts)


def in_words(request: Request, problem: PlatformError) -> str:
    """Say in the reader's language what is wrong."""
    return say(request, problem.text, **problem.values)


def as_file(said: str, name: str) -> Response:
    """Give a text to be kept."""
    headers = {"content-disposition": f'attachment; filename="{name}.yaml"'}
    return Response(said, media_type="application/yaml; charset=utf-8", headers=headers)


def back(request: Request, path: str, text: str) -> Response:
    """Go on to a page and say there what was done."""
    return flash.say(RedirectResponse(path, 303), say(request, text))
