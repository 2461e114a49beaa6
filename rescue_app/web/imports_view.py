"""What the pages of an import show."""

from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from gis.areas import framing
from gis.authority import Actor
from gis.errors import PlatformError
from gis.exchange.importing.mapping import Mapping
from hazards.points import types
from hazards.points.intake import repository
from hazards.points.intake.models import LedgerImport
from hazards.points.intake.rules import AT_WORK, State
from rescue_app.jobs import repository as jobs
from rescue_app.jobs.rules import OVER
from rescue_app.web import imports_form
from rescue_app.web.render import language, say

PAGE_ROWS = 50
FEW_INSIDE = 0.5
Facts = dict[str, Any]


def about(request: Request, db: Session, this: LedgerImport, who: Actor) -> Facts:
    """Gather what an import's page shows, by where it stands."""
    job = jobs.by_id(db, this.job_id) if this.job_id else None
    facts: Facts = {
        "this": this,
        "job": job,
        "own": this.owner_id == who.id,
        "given_up": bool(job and job.state in OVER and this.state in AT_WORK),
        "problem": this.problem and told(request, this.problem),
        "seq": request.app.state.hub.seq,
        "section": "points",
    }
    if this.state == State.READY and this.looked:
        return facts | columns(request, db, this, who)
    if this.state == State.CHECKED and this.found:
        return facts | outcome(request, this) | {"types": type_names(request, db)}
    return facts


def columns(request: Request, db: Session, this: LedgerImport, who: Actor) -> Facts:
    """Gather what the form of columns shows."""
    looked: Facts = this.looked or {}
    fields = imports_form.fields_of(db)
    bounds = framing.extent(db, who.area_path)
    mapping = imports_form.proposed(this, looked, fields, bounds=bounds)
    before = repository.last_time(db, this)
    return {
        "looked": looked,
        "mapping": mapping,
        "lines": imports_form.lines(mapping, looked, fields),
        "before": before if this.said and before and before.said == this.said else None,
        "notes": [told(request, note) for note in looked["notes"]],
        "words": code_words(request, db),
        **where(mapping, looked, bounds),
    }


def where(mapping: Mapping, looked: Facts, bounds: imports_form.Bounds | None) -> Facts:
    """Say where the first points would lie, and whether that is where they should."""
    from hazards.points.intake import looking  # noqa: PLC0415 - Arrow behind it costs the server's start

    points: list[list[float]] = []
    wrong = ""
    if mapping.crs:
        try:
            points = looking.on_the_map(
                looked, x=mapping.longitude, y=mapping.latitude, crs=mapping.crs
            )
        except PlatformError as error:
            wrong = str(error)
    inside = [p for p in points if bounds and within(p, bounds)]
    far = bool(points) and len(inside) < FEW_INSIDE * len(points)
    return {"points": points, "inside": len(inside), "far": far or bool(wrong), "bounds": bounds}


def within(place: list[float], bounds: Any) -> bool:
    """Tell whether a place lies in a frame."""
    west, south, east, north = bounds
    return bool(west <= place[0] <= east and south <= place[1] <= north)


def outcome(request: Request, this: LedgerImport) -> Facts:
    """Gather one page of what a trial found."""
    found: Facts = this.found or {}
    counts: Facts = this.counts or {}
    default = next((k for k in ("refused", "changed", "new") if counts.get(k)), "new")
    show = request.query_params.get("show", default)
    rows = found[show] if show in {"refused", "changed", "new"} else []
    page = max(
        1, int(number) if (number := request.query_params.get("page", "1")).isdecimal() else 1
    )
    shown = rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    if show == "refused":
        shown = [row | {"reason": reason(request, row)} for row in shown]
    return {
        "counts": counts,
        "show": show,
        "rows": shown,
        "page_number": page,
        "pages": max(1, -(-len(rows) // PAGE_ROWS)),
        "kept": len(rows),
        "notes": [told(request, note) for note in found["notes"]],
    }


def reason(request: Request, row: Facts) -> str:
    """Say why a row was refused; where a mapping file is spoken of, the page's own way is said."""
    if "in the mapping what it means" in row["text"]:
        text = "“{value}” is not known here. Go back to the columns and say what it means."
        return say(request, text, value=row["value"] or "")
    return told(request, row)


def told(request: Request, message: Facts) -> str:
    """Say a kept message in the reader's language."""
    return say(request, message["text"], **message["values"])


def type_names(request: Request, db: Session) -> dict[str, str]:
    """Give the hazard types' names in the reader's language."""
    chinese = language(request) == "zh"
    return {k.code: k.name_zh if chinese else k.name_en for k in types.all_types(db)}


def code_words(request: Request, db: Session) -> dict[str, dict[str, str]]:
    """Give the words of hazard types; the templates know those of the other codes."""
    return {"hazard_type": type_names(request, db)}
