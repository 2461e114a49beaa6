"""What the pages of the evidence show: reasons in plain words, records as circles of true size."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import Request
from shapely.geometry import Point, Polygon, mapping
from sqlalchemy.orm import Session

from gis import crs
from gis.authority import Act, Actor, may
from gis.store.base import new_id
from hazards.events.models import DisasterEvent
from hazards.events.rules import EXACT_M, UNKNOWN_REACH_M
from hazards.evidence import repository, service
from hazards.evidence.models import EvidenceProposal, EvidenceSearch
from hazards.evidence.rules import DECIDED, NO_SPOT, State, is_a_spot
from hazards.points.cases import repository as cases
from hazards.points.rules import Evidence
from rescue_app.web import evidence_behind, susceptibility_view
from rescue_app.web.points_view import areas_read, type_names
from rescue_app.web.render import language, say
from rescue_app.web.words import ngettext

day_of = evidence_behind.day_of
Facts = dict[str, Any]
MOST_DAYS = 12
"""So many dates stand in a sentence; the table has all."""

FREQUENT = (
    "{records} in {years} years within {within} m: {days}. Records up to {apart} days apart count"
    " once, so {times}: once in {every} years, 95 % {least}–{most}."
)
ONCE = "{records} within {within} m: {days}. The ledger has no point of this kind there."
POSSIBLE = (
    "{place}{people} lies {away} m from ground of the highest class. {ground}: {ratio} times as"
    " many records as its area would give. {records} within {within} m."
)
PEOPLE = " ({people} people)"
EVERY = {"every": "", "least": "_least", "most": "_most"}
TRENDS = {
    "rising": "It comes more and more often (p {p}).",
    "falling": "It comes less and less often (p {p}).",
    "none": "No trend can be told (p {p}).",
    "unknown": "For a trend there are too few.",
}


def why(request: Request, row: EvidenceProposal, days: list[str]) -> str:
    """Say in one sentence why a place is proposed."""
    facts, locale = row.facts, language(request)
    listed = say(request, ", ").join(days[:MOST_DAYS]) + (" …" if len(days) > MOST_DAYS else "")
    told = {
        "records": ngettext(locale, "{count} record", "{count} records", facts["records"]),
        "within": f"{facts['within_m']:,}",
        "days": listed,
    }
    if row.evidence == Evidence.POSSIBLE:
        return possible(request, facts, told)
    if row.evidence != Evidence.HIGH_FREQUENCY:
        return say(request, ONCE, **told)
    times = ngettext(locale, "it came {count} time", "it came {count} times", facts["occurrences"])
    told |= {name: facts[f"every{key}_years"] for name, key in EVERY.items()}
    told |= {"times": times, "years": facts["years"], "apart": facts["apart_days"]}
    return say(request, FREQUENT, **told) + trend(request, facts)


def possible(request: Request, facts: Facts, told: Facts) -> str:
    """Say why it may happen where nothing is on record: what the ground has in common."""
    locale = language(request)
    name = facts["settlement"] if locale == "zh" else facts["settlement_en"]
    people = facts["people"]
    more = {
        "place": name or facts["settlement"],
        "people": say(request, PEOPLE, people=f"{people:,.0f}") if people else "",
        "away": f"{facts['away_m']:,}",
        "ground": susceptibility_view.ground(request, facts["drivers"]),
        "ratio": facts["ratio"],
    }
    return say(request, POSSIBLE, **told | more)


def trend(request: Request, facts: Facts) -> str:
    """Say whether it comes more often, with how likely chance is."""
    gap = "" if language(request) == "zh" else " "
    p = facts["trend_p"]
    told = "≤ 0.0001" if p is not None and p <= 0.0001 else f"= {p}"
    return gap + say(request, TRENDS[facts["trend"]], p=told)


def lines(request: Request, db: Session, rows: Sequence[EvidenceProposal]) -> list[Facts]:
    """Give the lines of the list: each proposal with its reason."""
    found = []
    for row in rows:
        events = repository.events(db, row.event_ids)
        found.append({"row": row, "why": why(request, row, days_of(events))})
    return found


def days_of(events: Sequence[DisasterEvent]) -> list[str]:
    """Give the days of records, the earliest first."""
    return [day_of(one) for one in reversed(events)]


def page_facts(
    request: Request, db: Session, actor: Actor, row: EvidenceProposal, now: datetime
) -> Facts:
    """Give what the page of one proposal shows."""
    events = repository.events(db, row.event_ids)
    search = repository.search(db, row.search_id)
    open_now = row.state == State.OPEN
    may_edit = may(actor, Act.EDIT_POINT, row.area_path)
    types = type_names(request, db)
    names = areas_read(request, db, {row.area_path}, now)
    return {
        "row": row,
        "search": search,
        "why": why(request, row, days_of(events)),
        "records": [record(one, row.place) for one in events],
        "types": types,
        "areas": names,
        "called": f"{short(names.get(row.area_path, ''))}{kind_zh(db, row.hazard_type)}",
        "may_decide": open_now and may_edit,
        "may_take_back": may_edit and row.state in DECIDED and not row.case_id,
        "no_spot": no_spot(request, row),
        "near_km": service.reach_m(row) / 1_000,
        "near": service.candidates(db, row) if open_now else [],
        "case": cases.find(db, row.case_id) if row.case_id else None,
        "case_id": new_id(),
        "heat": hot_here(search, row.place),
        "drawn": drawn(events, search),
    }


def no_spot(request: Request, row: EvidenceProposal) -> str | None:
    """Say that the records know the area only, where they do."""
    accuracy_m = row.facts["accuracy_m"]
    if is_a_spot(Evidence(row.evidence), accuracy_m):
        return None
    return say(request, NO_SPOT, metres=f"{accuracy_m:,.0f}")


def short(name: str) -> str:
    """Give the last part of an area's name."""
    return name.rsplit(" ", maxsplit=1)[-1]


def kind_zh(db: Session, code: str) -> str:
    """Give a kind of hazard as the ledger calls it."""
    return repository.kind(db, code).name_zh


def record(event: DisasterEvent, place: Point) -> Facts:
    """Give one record with how far from the place it lies."""
    away = crs.distance_m([place.x], [place.y], [event.place.x], [event.place.y])
    return {"event": event, "day": day_of(event), "away_m": float(away[0])}


def told_of(event: DisasterEvent) -> Facts:
    """Give a record as programs read it."""
    same = ("id", "source", "hazard_type", "title", "deaths", "synthetic")
    return {name: getattr(event, name) for name in same} | {
        "number": event.source_id,
        "happened_on": day_of(event),
        "longitude": event.place.x,
        "latitude": event.place.y,
        "accuracy_m": event.location_accuracy_m,
    }


def hot_here(search: EvidenceSearch | None, place: Point) -> Facts | None:
    """Give the cell that holds a place, with its score, where the search has one."""
    heat: Facts = search.result["heat"] if search else {}
    for cell in heat.get("shown", ()):
        if Polygon(cell["ring"]).intersects(place):
            return {**heat, **cell}
    return None


def drawn(events: Sequence[DisasterEvent], search: EvidenceSearch | None) -> dict[str, Any]:
    """Give what the map draws: hot cells, the records' circles in true size, and their middles."""
    heat: Facts = search.result["heat"] if search else {}
    cells = [one for one in heat.get("shown", ()) if one["hot"]]
    features = [feature("hot", Polygon(one["ring"])) for one in cells]
    for one in events:
        metres = one.location_accuracy_m
        reach_m = UNKNOWN_REACH_M if metres is None else metres
        if reach_m:
            circle = crs.buffer(one.place, radius_m=reach_m).simplify(0.00001)
            features.append(feature("doubt", circle))
        # Known less exactly than a sign is wide, a record is its circle and no point.
        kind = "record" if reach_m <= EXACT_M else "about"
        features.append(feature(kind, one.place, day_of(one)))
    return {"type": "FeatureCollection", "features": features}


def feature(kind: str, shape: Any, text: str = "") -> Facts:
    """Give one thing on the map."""
    about = {"kind": kind, "text": text}
    return {"type": "Feature", "properties": about, "geometry": mapping(shape)}
