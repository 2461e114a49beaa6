"""What the pages of the ledger show: the facts beside the points themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.models import Area
from gis.areas.placing import day_of
from gis.authority import Act, Actor, may
from hazards.points import repository, types
from hazards.points.cases import bulk
from rescue_app.api.points_query import PointQuery
from rescue_app.web.render import language

Facts = dict[str, Any]
FILTERS = (
    "q",
    "category",
    "evidence",
    "hazard_type",
    "grade",
    "state",
    "area",
    "owner",
    "overdue",
    "as_of",
    "polygon",
    "buffer_m",
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: which, and the address without it."""

    name: str
    value: str
    without: str


def type_names(request: Request, session: Session) -> dict[str, str]:
    """Give the hazard types' names in the reader's language."""
    chinese = language(request) == "zh"
    return {k.code: k.name_zh if chinese else k.name_en for k in types.all_types(session)}


def area_names(
    session: Session, paths: Iterable[str], now: datetime, *, locale: str = "zh"
) -> dict[str, str]:
    """Say each path as people do: 万州区 高笋塘街道; the city is understood.

    In English from small to great, with Chinese for what has no English name.
    """
    asked = set(paths)
    parts = {path: prefixes(path) for path in asked}
    wanted = {prefix for each in parts.values() for prefix in each}
    said = Area.name if locale == "zh" else func.coalesce(Area.name_en, Area.name)
    query = select(Area.path, said).where(Area.path.in_(wanted), areas.valid(day_of(now)))
    names = {path: name for path, name in session.execute(query)}  # noqa: C416 - rows, not pairs
    told = {path: parts[path][1:] or parts[path] for path in asked}
    if locale == "zh":
        return {path: " ".join(names[p] for p in each if p in names) for path, each in told.items()}
    return {
        path: ", ".join(names[p] for p in reversed(each) if p in names)
        for path, each in told.items()
    }


def areas_read(
    request: Request, session: Session, paths: Iterable[str], now: datetime
) -> dict[str, str]:
    """Say each path in the reader's language."""
    return area_names(session, paths, now, locale=language(request))


def prefixes(path: str) -> list[str]:
    """Give the paths of an area and of those above it, biggest first."""
    codes = [code for code in path.split("/") if code]
    return ["/" + "/".join(codes[: n + 1]) + "/" for n in range(len(codes))]


def listing(request: Request, db: Session, actor: Actor, now: datetime, asked: PointQuery) -> Facts:
    """Give one page of the list with all that stands around it."""
    chosen = asked.filter(db, now)
    points, total = repository.listed(db, chosen, asked.sort, page=asked.page, size=asked.size)
    return {
        "points": points,
        "total": total,
        "pages": max(1, -(-total // asked.size)),
        "asked": asked,
        "given": given(request),
        "chips": chips(request, asked),
        "types": type_names(request, db),
        "areas": areas_read(request, db, (p.area_path for p in points), now),
        "districts": areas.children(db, actor.area_path, day_of(now)),
        "may_enter": may(actor, Act.EDIT_POINT, actor.area_path),
        "question": without_page(request),
        "most_at_once": bulk.MOST,
    }


def given(request: Request) -> list[tuple[str, str]]:
    """Give the filters that are on, as the address names them; what else is asked keeps them."""
    return [(k, v) for k, v in request.query_params.multi_items() if k in FILTERS and v]


def chips(request: Request, asked: PointQuery) -> list[Chip]:
    """Give the filters that are on, each with the address of the list without it."""
    made, on = [], given(request)
    for name, value in on:
        with_it = "buffer_m" if name == "polygon" else None
        kept = [pair for pair in on if pair != (name, value) and pair[0] != with_it]
        made.append(Chip(name, value, f"/points?{urlencode([*kept, ('sort', asked.sort)])}"))
    return [chip for chip in made if chip.name != "buffer_m"]


def without_page(request: Request) -> str:
    """Give the question of the address without its page, for the export links."""
    return request.url.remove_query_params(["page", "lang", "size"]).query
