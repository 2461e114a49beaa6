"""What stands on the pages of evaluation, and the lines of its file."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, may
from gis.store.base import new_id
from qr_codes.evaluation import repository
from qr_codes.evaluation.models import FindingSample, SampledFinding
from qr_codes.evaluation.rules import Tally
from qr_codes.findings import repository as findings
from rescue_app.web import finding_view
from rescue_app.web.points_view import areas_read
from rescue_app.web.render import language, local_time, say

HEADS = ("Finding", "Asset", "District", "Grade", "Office", "Found", "Verified")
LAST_HEADS = ("Points given", "Out of", "In a few words", "Sent back", "Evaluated")


def draws(session: Session, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Give the draws, and what the form of the next one proposes: the month that is over."""
    end = day_of(now).replace(day=1) - timedelta(days=1)
    return {
        "samples": repository.samples(session),
        "draws": may(by, Act.EVALUATE_FINDING, by.area_path),
        "quotas": repository.quotas(session),
        "given": {
            "closed_from": end.replace(day=1).isoformat(),
            "closed_to": end.isoformat(),
            "seed": f"{end:%Y-%m}",
        },
        "draw_id": new_id(),
    }


def results(
    request: Request, session: Session, sample: FindingSample, *, by: Actor, now: datetime
) -> dict[str, Any]:
    """Give the rates of a sample: of all, of each district, of each office."""
    rows = repository.results(session, sample.id)
    districts = tallied(rows, lambda one: (one.district_path,))
    for stratum in repository.counted(session, sample.id):
        tally = districts.setdefault((stratum.area_path,), Tally())
        tally.closed += stratum.closed
    names = areas_read(request, session, {path for (path,) in districts}, now)
    whole = tallied(rows, lambda _: ()).get((), Tally())
    whole.closed = sum(tally.closed for tally in districts.values())
    return {
        "sample": sample,
        "whole": whole,
        "districts": [(names.get(key[0], ""), tally) for key, tally in sorted(districts.items())],
        "offices": sorted(tallied(rows, lambda one: (one.unit_name, one.unit_name_en)).items()),
        "questions": questions(rows),
        "evaluates": may(by, Act.EVALUATE_FINDING, by.area_path),
        "coming": repository.next_waiting(session, sample.id, after=sample.id),
    }


def tallied(rows: Iterable[tuple[SampledFinding, bool]], key: Any) -> dict[tuple[str, ...], Tally]:
    """Add up by what a key says of each row."""
    found: dict[tuple[str, ...], Tally] = {}
    for one, sent_back in rows:
        found.setdefault(key(one), Tally()).add(one.marks, sent_back=sent_back)
    return found


def questions(rows: Iterable[tuple[SampledFinding, bool]]) -> dict[str, tuple[str, str]]:
    """Give the names of what was asked in a sample, in the order it was asked."""
    return {mark["code"]: (mark["zh"], mark["en"]) for one, _ in rows for mark in one.marks or ()}


def one(session: Session, sample_id: UUID, finding_id: UUID, *, by: Actor) -> dict[str, Any]:
    """Give one finding of a sample, with what was said of it or what is asked."""
    item = repository.drawn(session, sample_id, finding_id)
    finding = findings.visible(session, finding_id)
    facts = finding_view.facts(session, finding, by=by)
    open_now = finding.closed_at is not None and may(by, Act.EVALUATE_FINDING, item.area_path)
    given = {f"mark.{mark['code']}": mark["points"] for mark in item.marks or ()}
    return facts | {
        "item": item,
        "sample": repository.sample(session, sample_id),
        "asked": repository.criteria(session),
        "evaluates": open_now,
        "given": given | {"words": item.words},
    }


def table(request: Request, session: Session, sample: FindingSample) -> Iterator[Sequence[object]]:
    """Write a sample line by line, in the reader's language; nobody is named in it."""
    rows = repository.everything(session, sample.id)
    asked = questions(rows)
    chinese = language(request) == "zh"
    paths = {one.district_path for one, _ in rows}
    names = areas_read(request, session, paths, sample.drawn_at)
    said = [zh if chinese else en for zh, en in asked.values()]
    yield [say(request, head) for head in HEADS] + said + [say(request, h) for h in LAST_HEADS]
    for one, sent_back in rows:
        found = one.finding
        marks = {mark["code"]: mark for mark in one.marks or ()}
        points = [marks[code]["points"] if code in marks else "" for code in asked]
        sums = [sum(mark[name] for mark in marks.values()) for name in ("points", "of")]
        yield [
            found.text_zh if chinese else found.text_en, found.asset.name,
            names.get(one.district_path, ""), one.grade,
            one.unit_name if chinese else one.unit_name_en or one.unit_name,
            local_time(found.found_at), local_time(found.closed_at), *points,
            *(sums if marks else ("", "")), one.words,
            say(request, "Yes" if sent_back else "No"), local_time(one.evaluated_at),
        ]  # fmt: skip
