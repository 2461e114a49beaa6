"""Pages of stores: where materials lie, who keeps them, how much is there, and since when."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.areas import framing
from gis.authority import Act, Actor, may, require
from gis.errors import Conflict, PlatformError, Rejected
from gis.exchange.writing.texts import MEDIA_TYPE
from gis.store.base import new_id
from qr_codes.stores import keeping, repository
from qr_codes.stores.models import MaterialStore
from rescue_app.auth.models import Account
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import flash
from rescue_app.web import stores_form as forms
from rescue_app.web.render import language, page, say
from rescue_app.web.scan import Form as AnyForm
from rescue_app.web.stores_form import StoreForm

router = APIRouter(include_in_schema=False)
Asked = Annotated[int, Query(alias="page", ge=1, le=100_000)]
SECTION = "assets"


@router.get("/stores", name="stores")
def list_page(
    request: Request, db: Db, who: Who, q: str = "", material: str = "", page_number: Asked = 1
) -> Response:
    """List the stores of the district."""
    rows, total = repository.listing(db, words=q.strip(), material=material, page=page_number)
    facts: dict[str, Any] = {"rows": rows, "total": total, "q": q, "material": material}
    facts |= {"page_number": page_number, "pages": -(-total // repository.PAGE_ROWS)}
    return show(request, db, who, "stores/list.html", **facts)


@router.get("/stores/stores.xlsx")
def export(request: Request, db: Db, who: Who) -> Response:
    """Give the stores of one's own area as a list that can be brought in again."""
    rows = repository.under(db, who.area_path)
    said = forms.as_workbook(rows, repository.materials(db), zh=language(request) == "zh")
    headers = {"content-disposition": 'attachment; filename="stores.xlsx"'}
    return Response(said, media_type=MEDIA_TYPE, headers=headers)


@router.get("/stores/new", name="new_store")
def new_page(request: Request, db: Db, who: Who) -> Response:
    """Show an empty form."""
    require(who, Act.EDIT_ASSET, who.area_path)
    return form_page(request, db, who, StoreForm(new_id(), forms.EMPTY))


@router.post("/stores/new")
def enter(request: Request, db: Db, who: Who, now: Now, form: AnyForm) -> Response:
    """Enter a store."""
    came = forms.sent(form)
    if came.keep(db, by=who, now=now):
        return back(request, came.id, "Entered. Say now what lies there.")
    return form_page(request, db, who, came)


@router.get("/stores/{store_id}", name="store")
def store_page(request: Request, db: Db, who: Who, store_id: UUID) -> Response:
    """Show a store, what lies there, and how it came to that."""
    return counting(request, db, who, repository.visible(db, store_id))


@router.get("/stores/{store_id}/edit", name="edit_store")
def edit_page(request: Request, db: Db, who: Who, store_id: UUID) -> Response:
    """Show the form of a store."""
    store = repository.visible(db, store_id)
    require(who, Act.EDIT_ASSET, store.area_path)
    return form_page(request, db, who, forms.of(store))


@router.post("/stores/{store_id}/edit")
def change(request: Request, db: Db, who: Who, now: Now, store_id: UUID, form: AnyForm) -> Response:
    """Put a store right."""
    came = forms.sent(form, store_id)
    if came.keep(db, by=who, now=now):
        return back(request, store_id, "Saved.")
    return form_page(request, db, who, came)


@router.post("/stores/{store_id}/amounts")
def count(request: Request, db: Db, who: Who, now: Now, store_id: UUID, form: AnyForm) -> Response:
    """Say how much lies there now."""
    try:
        said = forms.counted(form)
        keeping.count(db, store_id=store_id, by=who, phone=phone_of(db, who), now=now, **said)
    except (Rejected, Conflict) as trouble:
        return counting(request, db, who, repository.visible(db, store_id), trouble)
    return back(request, store_id, "Counted and booked.")


def phone_of(session: Session, who: Actor) -> str:
    """Give the number of whoever is signed in: by it a store knows its keeper."""
    account = session.get(Account, who.id)
    return (account.phone if account else None) or ""


def counting(
    request: Request,
    db: Session,
    who: Actor,
    store: MaterialStore,
    trouble: PlatformError | None = None,
) -> Response:
    """Show a store with its amounts as a form for those who may change them."""
    facts: dict[str, Any] = {"store": store, "bookings": repository.bookings(db, store.id)}
    facts["may_count"] = keeping.may_count(store, by=who, phone=phone_of(db, who))
    facts["may_change"] = may(who, Act.EDIT_ASSET, store.area_path)
    facts["problem"] = trouble and say(request, trouble.text, **trouble.values)
    return show(request, db, who, "stores/store.html", 422 if trouble else 200, **facts)


def form_page(request: Request, db: Session, who: Actor, form: StoreForm) -> Response:
    """Show the form with what was typed and what is wrong with it."""
    wrong = {name: say(request, e.text, **e.values) for name, e in form.errors.items()}
    problem = form.problem and say(request, form.problem.text, **form.problem.values)
    status = 422 if wrong or problem else 200
    told = {
        "form": form,
        "wrong": wrong,
        "problem": problem,
        "bounds": framing.extent(db, who.area_path),
    }
    return show(request, db, who, "stores/form.html", status, **told)


def show(
    request: Request, db: Session, who: Actor, name: str, status: int = 200, **facts: Any
) -> Response:
    """Show a page with the materials by their code."""
    facts["materials"] = {one.code: one for one in repository.materials(db)}
    facts["may_enter"] = may(who, Act.EDIT_ASSET, who.area_path)
    return page(request, name, status=status, section=SECTION, **facts)


def back(request: Request, store_id: UUID, text: str) -> Response:
    """Go to the store and say what happened."""
    return flash.say(RedirectResponse(f"/stores/{store_id}", 303), say(request, text))
