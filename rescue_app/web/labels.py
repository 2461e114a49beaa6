"""The page of labels: choose a street and what it lacks, see the first sheet, let it be printed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.authority import Act, Actor, may, within
from gis.errors import Missing, Rejected
from qr_codes.assets import choosing, repository
from qr_codes.assets.choosing import Choice, Want
from qr_codes.inspections import repository as inspections
from qr_codes.labels.sizes import A4_24, SIZES, Size
from rescue_app import labels
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.printing import Printer
from rescue_app.web import flash
from rescue_app.web.render import LOCAL_ZONE, page, say

router = APIRouter(include_in_schema=False)
USUAL = (Want.NONE, Want.PRINTED)


def asked_for(  # noqa: D103 - the words of the page's address
    who: Who, under: str = "",
    kinds: Annotated[list[str], Query(alias="type")] = [],  # noqa: B006 - FastAPI copies it
    wants: Annotated[list[Want], Query(alias="want")] = [],  # noqa: B006 - as above
) -> Choice:  # fmt: skip
    return choice_of(who, under, kinds, wants or USUAL)


def choice_of(who: Actor, under: str, kinds: list[str], wants: Any) -> Choice:
    """Read a choice; an area outside one's own does not exist."""
    path = under or who.area_path
    if not within(path, who.area_path):
        raise Missing("There is no such area in yours. Choose one from the list.")
    return Choice(path, tuple(kinds), tuple(wants))


def size_of(code: str) -> Size:
    """Give a size by its code."""
    if code not in SIZES:
        raise Rejected("There is no label of the size {size}. Choose one from the list.", size=code)
    return SIZES[code]


Asked = Annotated[Choice, Depends(asked_for)]


@router.get("/labels", name="labels")
def show_labels(
    request: Request, db: Db, who: Who, now: Now, asked: Asked, size: str = A4_24.code
) -> Response:
    """Show what can be printed, the first sheet of what is chosen, and the batches made before."""
    facts = gathered(db, who, asked) | {"seq": request.app.state.hub.seq, "size": size_of(size)}
    facts |= {"strayed": inspections.strayed(db, under=asked.under, now=now)}
    return page(request, "labels/page.html", section="assets", **facts)


def gathered(session: Session, who: Actor, asked: Choice) -> dict[str, Any]:
    """Gather what stands on the page."""
    here = areas.by_path(session, asked.under)
    if here is None:
        raise Missing("There is no such area in yours. Choose one from the list.")
    counts = choosing.counts(session, asked)
    trail = [one for one in areas.lineage(session, here.path) if within(one.path, who.area_path)]
    facts: dict[str, Any] = {"here": here, "trail": trail, "counts": counts, "asked": asked}
    facts |= {"total": sum(counts[want] for want in asked.wants), "sizes": SIZES.values()}
    facts |= {"below": areas.children(session, here.path), "kinds": repository.types(session)}
    facts |= {"may_print": may(who, Act.ISSUE_CODE, here.path), "most": labels.MOST}
    return facts | labels.mine(session, who)


@router.get("/labels/preview.png")
def preview(db: Db, _: Who, asked: Asked, printer: Printer, size: str = A4_24.code) -> Response:
    """Draw the first page of what is chosen, as samples."""
    form = size_of(size)
    found = choosing.assets(db, asked, limit=form.per_page)
    if not found:
        raise Missing("There is nothing to print: no label was chosen.")
    return Response(printer.sample(found, form), media_type="image/png")


@router.post("/labels")
def print_labels(  # noqa: D103 - the form's own words
    request: Request, db: Db, who: Who, now: Now, printer: Printer,
    under: Annotated[str, Form()] = "", size: Annotated[str, Form()] = A4_24.code,
    kinds: Annotated[list[str], Form(alias="type")] = [],  # noqa: B006 - FastAPI copies it
    wants: Annotated[list[Want], Form(alias="want")] = [],  # noqa: B006 - as above
) -> Response:  # fmt: skip
    choice, form = choice_of(who, under, kinds, wants), size_of(size)
    area = areas.by_path(db, choice.under)
    day = f"{now.astimezone(LOCAL_ZONE):%Y-%m-%d}"
    where = area.name if area else ""
    name = say(request, "labels-{area}-{day}-{size}", area=where, day=day, size=form.code)
    labels.ask(db, choice, size=form.code, name=name, press=printer, by=who)
    text = say(request, "The labels are being made. They stay here; you may leave this page.")
    return flash.say(RedirectResponse(f"/labels?under={choice.under}", 303), text)
