"""Pages of chains: what comes next from here, step by step on the map; kept ones; the table."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, Role, city_of, may
from gis.store.base import new_id
from rescue_app.api.chains_query import ChainQuery
from rescue_app.chains import editions, repository, service, table, telling
from rescue_app.chains.models import KeptChain
from rescue_app.chains.starting import GROUND
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web.render import page

router = APIRouter(include_in_schema=False)
Asked = Annotated[ChainQuery, Query()]
MOST_BYTES = 500_000
KindOfAbout = Literal["point", "incident", "alert"]


@router.get("/chains", name="chains")
def follow(request: Request, db: Db, who: Who, now: Now, asked: Asked) -> Response:
    """Show what comes next from a place; without one, how to ask and what was kept."""
    if not asked.anywhere:
        return page(request, "chains/list.html", section="map", now=now, **listed(db))
    content = service.work_out(db, asked.asked(db, who, now), by=who, now=now)
    facts = shown(content, who) | {"question": request.url.query, "asked": asked, "kept": None}
    facts |= {"new_id": new_id(), "changed": None}
    return page(request, "chains/chain.html", section="map", now=now, **facts)


@router.post("/chains")
def keep(
    db: Db,
    who: Who,
    now: Now,
    chain_id: Annotated[UUID, Form(alias="id")],
    question: Annotated[str, Form()],
) -> Response:
    """Keep a chain with what it belongs to."""
    asked = ChainQuery.of(parse_qsl(question))
    place, about = asked.asked(db, who, now), asked.about
    service.keep(db, place, chain_id=chain_id, about=about, by=who, now=now)
    return RedirectResponse(f"/chains/{chain_id}", 303)


@router.get("/chains/kept/{kind}/{ref}", name="chains_kept")
def kept_of(request: Request, db: Db, _: Who, kind: KindOfAbout, ref: UUID) -> Response:
    """Show what was kept of a point, an incident or a warning, as a part of its page."""
    return page(request, "chains/kept.html", **listed(db, **{f"{kind}_id": ref}))


@router.get("/chains/table", name="chain_table")
def show_table(request: Request, db: Db, who: Who, now: Now) -> Response:
    """Show the table in force with its amounts, all of them assumptions."""
    return page(request, "chains/table.html", section="map", now=now, **tables(db, who))


@router.post("/chains/table")
def bring_in(db: Db, who: Who, now: Now, file: UploadFile) -> Response:
    """Put a city's own table in force."""
    said = file.file.read(MOST_BYTES + 1).decode("utf-8-sig", errors="replace")
    editions.bring_in(db, said, by=who, now=now)
    return RedirectResponse("/chains/table", 303)


@router.post("/chains/table/{number}")
def take(db: Db, who: Who, number: int) -> Response:
    """Put an edition in force again."""
    editions.EDITIONS.take(db, number, by=who)
    return RedirectResponse("/chains/table", 303)


@router.get("/chains/table/{number}.yaml")
def table_file(db: Db, _: Who, number: int) -> Response:
    """Give an edition as it came in."""
    kept = editions.EDITIONS.one(db, number)
    headers = {"content-disposition": f'attachment; filename="chains-{number}.yaml"'}
    return Response(kept.said, media_type="application/yaml; charset=utf-8", headers=headers)


@router.get("/chains/{chain_id}", name="chain")
def show(request: Request, db: Db, who: Who, now: Now, chain_id: UUID) -> Response:
    """Show a chain as it was kept."""
    kept = service.visible(db, chain_id)
    facts = shown(kept.content, who) | {"kept": kept, "about": about(kept), "asked": None}
    facts |= {"changed": editions.since(db, kept.edition), "again": again(kept)}
    return page(request, "chains/chain.html", section="map", question="", now=now, **facts)


def shown(content: telling.Content, who: Actor) -> dict[str, Any]:
    """Give what the page of a chain shows."""
    said = telling.for_reader(content, who)
    made_at = datetime.fromisoformat(said["made_at"])
    return {"chain": said, "made_at": made_at, "may_keep": who.role is not Role.OBSERVER}


def listed(db: Session, **of: UUID) -> dict[str, Any]:
    """Give the chains that were kept, and the edition by which one would follow them now."""
    held = editions.EDITIONS.in_force(db)
    return {"kept": repository.kept(db, **of), "in_force": held and held.edition}


def again(kept: KeptChain) -> str:
    """Give the question that a kept chain answers, to be asked anew."""
    said = kept.content
    asked: dict[str, Any] = dict(about(kept))
    if not asked and said["ground"]:
        asked["polygon"] = json.dumps(said["ground"], separators=(",", ":"))
    if asked and not said["rain"] and said["starts"] and said["starts"][0]["key"] == GROUND:
        asked["begin"] = said["starts"][0]["kind"]
    return urlencode(asked | (said["rain"] or {}))


def about(kept: KeptChain) -> Mapping[str, UUID]:
    """Name what a kept chain belongs to."""
    found = {kind: getattr(kept, f"{kind}_id") for kind in get_args(KindOfAbout)}
    return {kind: one for kind, one in found.items() if one is not None}


def tables(db: Session, who: Actor) -> dict[str, Any]:
    """Give the table in force, and the editions there were."""
    held = editions.EDITIONS.one(db, None)
    return {
        "held": held,
        "table": table.read(held.said),
        "editions": editions.EDITIONS.all(db),
        "may_edit": may(who, Act.EDIT_TEMPLATE, city_of(who.area_path)),
    }
