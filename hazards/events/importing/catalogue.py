"""Bring a catalogue of disaster records in: dry by default, nothing new on a second run.

A record known to 50 km is no point: it belongs to the smallest area that surely holds it. What
happened outside the areas we know is kept for statistics and seen by the program alone.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pyarrow as pa
from shapely import Point
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.areas.placing import Placer, day_of
from gis.authority import Act, Actor, require, within
from gis.errors import Conflict, Rejected
from gis.exchange.importing import engine
from gis.exchange.importing.checks import take_out, twice
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from gis.exchange.table import Refused, Table
from gis.store import audit, notify
from gis.store.base import new_id
from hazards.events.importing import statements
from hazards.events.importing.fields import catalogue_fields
from hazards.events.models import EVERYWHERE


def bring_in(
    session: Session,
    *,
    table: Table,
    mapping: Mapping,
    by: Actor,
    now: datetime,
    apply: bool,
    synthetic: bool = False,
    step: Callable[[int], None] = lambda _: None,
) -> Report:
    """Check a catalogue against our records, report what it would change, write it if meant."""
    require(by, Act.EDIT_POINT, by.area_path)
    fields = catalogue_fields(session)
    plan = engine.planned(table, mapping.with_constant("source", mapping.source), fields)
    finish = partial(placed, placer=Placer(session, day=day_of(now)), mine=by.area_path)
    report = engine.stage(session, plan, fields, finish=finish, step=step)
    report.refusals += take_out(session, list(twice(session, plan)))
    report.refusals = list(engine.in_order(report.refusals))
    session.execute(text("DROP TABLE IF EXISTS pg_temp.changed"))
    session.execute(statements.CHANGED)
    rows, known, changed = session.execute(statements.COUNT).one()
    report.new, report.changed, report.same = rows - known, changed, known - changed
    if apply:
        write(session, report, by=by, source=mapping.source, synthetic=synthetic)
    return report


def placed(rows: pa.Table, placer: Placer, *, mine: str) -> tuple[pa.Table, list[Refused]]:
    """Add the smallest area that surely holds each record; refuse what is not one's own."""
    longitudes, latitudes = rows["longitude"].to_numpy(), rows["latitude"].to_numpy()
    known = "location_accuracy_m" in rows.column_names
    accuracies = rows["location_accuracy_m"].to_pylist() if known else [None] * rows.num_rows
    paths: list[str] = []
    refused: list[Refused] = []
    for n, found in enumerate(placer.paths(longitudes, latitudes)):
        place = Point(longitudes[n], latitudes[n])
        path = EVERYWHERE
        if found is not None:
            path = placer.path_around(found, place, radius_m=accuracies[n])
        paths.append(path)
        if not within(path, mine):
            reason = Rejected(
                "This record does not surely lie in your area. The city's centre may bring it in."
            )
            where = f"{place.x:.6f}, {place.y:.6f}"
            refused.append(Refused(rows["line"][n].as_py(), reason, "", where))
    return rows.append_column("area_path", pa.array(paths, pa.string())), refused


def write(session: Session, report: Report, *, by: Actor, source: str, synthetic: bool) -> None:
    """Write new and changed records, one line of audit and one announcement."""
    report.applied = True
    if report.new + report.changed == 0:
        return
    this = new_id()
    values = {"id_head": str(this)[:15], "synthetic": synthetic}
    changed = session.execute(statements.UPDATE)
    made = session.execute(statements.INSERT, values)
    if (made.rowcount, changed.rowcount) != (report.new, report.changed):  # type: ignore[attr-defined]  # a cursor's result
        raise Conflict(
            "Some records are known already outside your area. Let the city's centre import them."
        )
    facts = report.counts() | {"source": source}
    audit.record(session, act="events.imported", subject=this, area_path=by.area_path, **facts)
    notify.announce(session, topic="event", kind="imported", ref=this, area_path=by.area_path)
