"""What the pages of an import show."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from gis.areas import framing
from gis.areas import repository as areas
from gis.authority import Actor
from gis.errors import Conflict, PlatformError
from gis.exchange.importing.fields import Field
from gis.exchange.importing.mapping import Mapping
from gis.intake import service, where
from gis.intake.models import LedgerImport
from gis.intake.rules import AT_WORK, State
from rescue_app import import_steps, ledgers
from rescue_app.jobs import service as jobs
from rescue_app.jobs.rules import OVER
from rescue_app.web import imports_form, imports_words
from rescue_app.web.render import say

PAGE_ROWS = 50
FEW_INSIDE = 0.5
Facts = dict[str, Any]


def about(request: Request, db: Session, this: LedgerImport, who: Actor, now: datetime) -> Facts:
    """Gather what an import's page shows, by where it stands."""
    job, _ = jobs.followed(db, this.job_id)
    facts: Facts = {
        "this": this,
        "kind": this.kind,
        "job": job,
        "lost_until": jobs.lost_until(db, job, now=now),
        "own": this.owner_id == who.id,
        "given_up": bool(job and job.state in OVER and this.state in AT_WORK),
        "problem": this.problem and told(request, this.problem),
        "seq": request.app.state.hub.seq,
        "section": ledgers.called(this.kind).section or this.kind,
    }
    if this.state == State.READY and this.looked:
        return facts | columns(request, db, this, who)
    if this.state == State.CHECKED and this.found:
        return facts | outcome(request, db, this)
    return facts


def fields_of(db: Session, this: LedgerImport) -> list[Field]:
    """Give the fields a person may map."""
    every = ledgers.called(this.kind).fields(db)
    apart = imports_form.LEFT_OUT | {imports_form.SOURCE}
    chosen = [field for field in every if field.name not in apart]
    source = (f for f in every if f.name == imports_form.SOURCE and f.words)
    return [*chosen, *(replace(field, required=False) for field in source)]


def looked_of(this: LedgerImport) -> Facts:
    """Give what a file holds, once it was looked at."""
    if this.looked is None or "columns" not in this.looked:
        raise Conflict("This import has moved on meanwhile. Load the page again.")
    return this.looked


def known_of(this: LedgerImport) -> Mapping | None:
    """Give what is known of a file by its headings."""
    headings = [column["name"] for column in looked_of(this)["columns"]]
    return ledgers.called(this.kind).recognise(headings)


def usual(db: Session, this: LedgerImport, who: Actor) -> dict[str, str]:
    """Give what is proposed for all rows: a list mostly claims its own office's area."""
    home = areas.by_path(db, who.area_path)
    return {**ledgers.called(this.kind).usual, "district": home.name if home else ""}


def columns(request: Request, db: Session, this: LedgerImport, who: Actor) -> Facts:
    """Gather what the form of columns shows."""
    looked = looked_of(this)
    fields, common = fields_of(db, this), usual(db, this, who)
    bounds = framing.extent(db, who.area_path)
    known = known_of(this)
    mapping = imports_form.proposed(this, looked, fields, usual=common, bounds=bounds, known=known)
    before, again = service.said_before(db, this) or (None, None)
    told_now = {k: v for k, v in (this.said or {}).items() if k not in service.OF_A_FILE}
    if told_now == again and mapping.crs is None:  # that of another unit's file was not taken over
        guess = where.guessed_crs(looked, mapping, bounds)
        mapping = mapping.model_copy(update={"crs": guess})
    codes = imports_words.codes(request, db, this.kind, fields)
    codes["district"] = {name: name for name in claimed(mapping, common)}
    return {
        "looked": looked,
        "mapping": mapping,
        "lines": imports_form.lines(mapping, looked, fields),
        "before": before if told_now == again else None,
        "notes": [told(request, note) for note in looked["notes"]],
        "known": known.source if known else "",
        "codes": codes,
        "labels": imports_words.labels(request, db, this.kind, fields),
        **on_the_map(db, who, mapping, looked, bounds),
    }


def claimed(mapping: Mapping, common: dict[str, str]) -> Sequence[str]:
    """Name the areas of which one may be said for all rows."""
    said = mapping.fields.get("district")
    named = [str(said.value)] if said and said.value else []
    return [name for name in dict.fromkeys([common["district"], *named]) if name]


def on_the_map(
    db: Session, who: Actor, mapping: Mapping, looked: Facts, bounds: where.Bounds | None
) -> Facts:
    """Say where the first points would lie, and whether that is where they should."""
    points: list[list[float]] = []
    wrong = ""
    pairs = where.sampled(looked, mapping)
    try:
        points = where.on_the_map(pairs, crs=mapping.crs)
    except PlatformError as error:
        wrong = str(error)
    inside = framing.count_inside(db, who.area_path, points)
    far = bool(points) and inside < FEW_INSIDE * len(points)
    return {
        "points": points,
        "unread": bool(pairs or mapping.crs) and not points,
        "inside": inside,
        "far": far or bool(wrong),
        "bounds": bounds,
    }


def outcome(request: Request, db: Session, this: LedgerImport) -> Facts:
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
    if show == "changed":
        shown = [row | imports_words.difference(request, db, this.kind, row) for row in shown]
    return {
        "types": imports_words.types(request, db, this.kind),
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
    return told(request, row | {"text": import_steps.for_a_person(row["text"])})


def told(request: Request, message: Facts) -> str:
    """Say a kept message in the reader's language."""
    return say(request, message["text"], **message["values"])
