"""Pages of measure cards: by kind of asset, hazard and mode; in editions; one card by hand."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, city_of, may, require
from gis.errors import Conflict, Rejected
from qr_codes.measures import editing, service
from qr_codes.measures.editing import Typed
from qr_codes.measures.service import Compared
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.small_files import on_disk
from rescue_app.web import flash
from rescue_app.web import measures_form as forms
from rescue_app.web.render import page, say
from rescue_app.web.scan import Form as AnyForm

router = APIRouter(include_in_schema=False)
Said = Annotated[str, Form()]
SECTION = "assets"


@router.get("/measures", name="measures")
def list_page(
    request: Request, db: Db, who: Who, asset: str = "", hazard: str = "", mode: str = ""
) -> Response:
    """Show the cards in force."""
    held = forms.held(db)
    cards = forms.chosen(held.book.cards, asset=asset, hazard=hazard, mode=mode)
    facts: dict[str, Any] = {"cards": cards, "asset": asset, "hazard": hazard, "mode": mode}
    facts["editions"] = service.EDITIONS.all(db)
    return show(request, db, who, "measures/list.html", held, **facts)


@router.get("/measures/editions/{number}.yaml")
def export(db: Db, _: Who, number: int) -> Response:
    """Give an edition as it came in."""
    kept = service.EDITIONS.one(db, number)
    headers = {"content-disposition": f'attachment; filename="measures-{number}.yaml"'}
    return Response(kept.said, media_type="application/yaml; charset=utf-8", headers=headers)


@router.post("/measures/editions/{number}")
def take(request: Request, db: Db, who: Who, number: int) -> Response:
    """Put an edition in force again."""
    service.EDITIONS.take(db, number, by=who)
    return back(request, "In force again.")


@router.get("/measures/import", name="import_measures")
def import_page(request: Request, db: Db, who: Who) -> Response:
    """Show how a file of cards is brought in."""
    require(who, Act.EDIT_TEMPLATE, city_of(who.area_path))
    return show_import(request, db, who)


@router.post("/measures/import")
def dry_run(request: Request, db: Db, who: Who, file: UploadFile) -> Response:
    """Tell what a file would do, changing nothing."""
    require(who, Act.EDIT_TEMPLATE, city_of(who.area_path))
    try:
        with on_disk(file) as path:
            said = path.read_text(encoding="utf-8-sig", errors="replace")
    except Rejected as trouble:
        return show_import(request, db, who, problem=say(request, trouble.text, **trouble.values))
    return show_import(request, db, who, said=said, found=service.compare(db, said))


@router.post("/measures/import/apply")
def take_over(request: Request, db: Db, who: Who, now: Now, said: Said) -> Response:
    """Put the cards of a file in force."""
    text = said.replace("\r\n", "\n")  # a form sends its own ends of lines
    service.publish(db, service.compare(db, text), text, by=who, now=now)
    return back(request, "The cards of this file are in force.")


@router.get("/measures/cards/{code}", name="measure_card")
def card_page(request: Request, db: Db, who: Who, code: str) -> Response:
    """Show the form of a card; `new` is an empty one."""
    require(who, Act.EDIT_TEMPLATE, city_of(who.area_path))
    held = forms.held(db)
    typed = forms.EMPTY if code == "new" else editing.typed_of(editing.card_of(held.book, code))
    return show_card(request, db, who, held, typed)


@router.post("/measures/cards/{code}")
def change(request: Request, db: Db, who: Who, now: Now, code: str, form: AnyForm) -> Response:
    """Publish the next edition with this card in it."""
    held, typed = forms.held(db), forms.typed_of(form, code)
    try:
        forms.same_as_seen(form, held)
        publish(db, editing.written(held.book, typed, day=day_of(now)), by=who, now=now)
    except (Rejected, Conflict) as trouble:
        told = say(request, trouble.text, **trouble.values)
        return show_card(request, db, who, held, typed, problem=told)
    return back(request, "The card is in force, as the next edition.")


def publish(session: Session, said: str, *, by: Actor, now: datetime) -> None:
    """Put a written book in force, or tell the first thing that is wrong with it."""
    found = service.compare(session, said)
    if found.slips:
        raise found.slips[0].reason
    service.publish(session, found, said, by=by, now=now)


def show_card(
    request: Request, db: Session, who: Actor, held: forms.Held, typed: Typed, problem: str = ""
) -> Response:
    """Show the form of a card with what was typed."""
    facts = {"typed": typed, "problem": problem, "most_steps": forms.MOST_STEPS}
    status = 422 if problem else 200
    return show(request, db, who, "measures/card.html", held, status, **facts)


def show_import(
    request: Request,
    db: Session,
    who: Actor,
    *,
    said: str = "",
    found: Compared | None = None,
    problem: str = "",
) -> Response:
    """Show the form of an import, and what a file would do."""
    status = 422 if problem or (found and found.slips) else 200
    facts = {"said": said, "found": found, "problem": problem, "most": forms.SHOWN}
    return show(request, db, who, "measures/import.html", forms.held(db), status, **facts)


def show(
    request: Request,
    db: Session,
    who: Actor,
    name: str,
    held: forms.Held,
    status: int = 200,
    **facts: Any,
) -> Response:
    """Show a page with the words of the edition in force."""
    facts |= {"held": held, "kinds": forms.kinds(db)}
    facts["may_edit"] = may(who, Act.EDIT_TEMPLATE, city_of(who.area_path))
    return page(request, name, status=status, section=SECTION, **facts)


def back(request: Request, text: str) -> Response:
    """Go to the cards and say what happened."""
    return flash.say(RedirectResponse("/measures", 303), say(request, text))
