"""What is known of an incident, as the sentences of a report: the sender changes what is not so."""

from datetime import datetime

from fastapi import Request
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from hazards.points import types
from rescue_app.dispatch import reading
from rescue_app.dispatch.reading import OrderLine
from rescue_app.evacuation import reading as roster_reading
from rescue_app.evacuation import repository as rosters
from rescue_app.evacuation.rules import Standing
from rescue_app.incidents import known, repository
from rescue_app.incidents.clock import COUNTS, TEXTS
from rescue_app.incidents.models import Incident
from rescue_app.web.incident_page import lineage
from rescue_app.web.render import language, local_time, say

MOST_ORDERS = 5


def filled(request: Request, db: Session, incident: Incident, now: datetime) -> dict[str, str]:
    """Fill in what is known: from the last report, else from the incident, map and orders."""
    last = repository.last_report(db, incident.id)
    done = measures(request, db, incident)
    moved = verified(db, incident)
    if last is not None:
        said: dict[str, str] = {name: getattr(last, name) for name in TEXTS}
        said |= {n: "" if getattr(last, n) is None else str(getattr(last, n)) for n in COUNTS}
        said |= moved if int(moved.get("moved", 0)) > (last.moved or 0) else {}
        # What was asked for once has been heard, and is not asked for again by itself.
        return said | {"measures": done or last.measures, "requests": ""}
    return {
        "source": incident.told_by or source_words(request, incident.source),
        "place": place_words(request, db, incident, now),
        "nature": nature_words(request, db, incident),
        "extent": extent_words(request, known.around(db, incident)),
        "measures": done,
    } | moved


def verified(db: Session, incident: Incident) -> dict[str, str]:
    """Give how many people the roster knows to be out, as a second person confirmed."""
    roster = rosters.of_incident(db, incident.id)
    out = roster_reading.board(db, roster).people(Standing.VERIFIED) if roster else 0
    return {"moved": str(out)} if out else {}


def source_words(request: Request, source: str) -> str:
    """Say where an incident came from."""
    words = {"report": "Report by telephone or in person", "alert": "Warning",
             "sensor": "Sensor", "resident": "Resident", "finding": "Patrol's finding"}  # fmt: skip
    return say(request, words[source])


def place_words(request: Request, db: Session, incident: Incident, now: datetime) -> str:
    """Say where it is: the areas, then the coordinates."""
    paths = lineage(incident.area_path)[1:] or lineage(incident.area_path)
    names = repository.areas(db, paths, day=day_of(now))
    chinese = language(request) == "zh"
    said = ("" if chinese else ", ").join(
        names[path].name if chinese or not names[path].name_en else names[path].name_en
        for path in (paths if chinese else reversed(paths))
        if path in names
    )
    return f"{said} ({incident.place.x:.5f}, {incident.place.y:.5f})"


def nature_words(request: Request, db: Session, incident: Incident) -> str:
    """Say what it is and when it happened."""
    kind = next((k for k in types.all_types(db) if k.code == incident.hazard_type), None)
    name = incident.hazard_type
    if kind is not None:
        name = kind.name_zh if language(request) == "zh" else kind.name_en
    at = local_time(incident.happened_at, "%Y-%m-%d %H:%M")
    return say(request, "{at}: {title} ({kind})", at=at, title=incident.title, kind=name)


def extent_words(request: Request, around: known.Surroundings) -> str:
    """Say how far it reaches, and whom the ledger knows there."""
    facts = {"points": around.points, "persons": around.persons, "frail": around.frail}
    if around.km2 is None:
        return say(
            request,
            "By the ledger, within {radius} m: {points} points, {persons} threatened persons, "
            "{frail} of them frail.",
            radius=known.AROUND_M,
            **facts,
        )
    return say(
        request,
        "Drawn area {km2} km²; by the ledger in it: {points} points, {persons} threatened "
        "persons, {frail} of them frail.",
        km2=f"{around.km2:.2f}",
        **facts,
    )


def measures(request: Request, db: Session, incident: Incident) -> str:
    """Say which orders went out and how far they are."""
    lines = reading.latest_orders(db, incident_ids=[incident.id], limit=MOST_ORDERS)
    return "\n".join(order_words(request, line) for line in reversed(lines))


def order_words(request: Request, line: OrderLine) -> str:
    """Say one order in a line."""
    return say(
        request,
        "{at} order: {what}; crews answered {answered} of {crews}, done {done}.",
        at=local_time(line.order.issued_at, "%H:%M"),
        what=line.order.what_in(language(request)),
        answered=line.crews_answered,
        crews=line.crews,
        done=line.crews_done,
    )
