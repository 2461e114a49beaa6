"""Bring a ledger in: dry by default, the same numbers when applied, nothing on a second run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.areas import staged
from gis.areas.placing import Placer, day_of
from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.exchange.importing import engine
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from gis.exchange.table import Table
from gis.store import audit, notify
from gis.store.base import new_id
from hazards.points import types
from hazards.points.importing import checks, statements
from hazards.points.importing.fields import ledger_fields


@dataclass(frozen=True, slots=True)
class Import:
    """One import: who brings it, when, and whether it is meant."""

    id: UUID
    by: Actor
    now: datetime
    synthetic: bool


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
    """Check a table against the ledger, report what it would change, and write it if meant."""
    # Written at once, past every case: only for whoever may approve.
    require(by, Act.APPROVE_POINT if apply else Act.EDIT_POINT, by.area_path)
    fields = ledger_fields(types.words(session))
    plan = engine.planned(table, mapping.with_constant("source", mapping.source), fields)
    placer = Placer(session, day=day_of(now))
    away: staged.Claims = []
    finish = partial(staged.placed, placer=placer, mine=by.area_path, away=away)
    report = engine.stage(session, plan, fields, finish=finish, step=step)
    staged.not_shifted(session, placer, away)
    report.refusals += checks.within_the_file(session, plan)
    report.refusals += checks.against_the_ledger(session, plan)
    report.refusals = list(engine.in_order(report.refusals))
    compare(session, plan, report)
    if apply:
        write(session, plan, report, Import(new_id(), by, now, synthetic))
    return report


def compare(session: Session, plan: engine.Plan, report: Report) -> None:
    """Count what is new, changed and the same; the changed rows wait in `changed`."""
    session.execute(text("DROP TABLE IF EXISTS pg_temp.changed"))
    session.execute(statements.changed_rows(plan.mapped))
    rows, known, changed = session.execute(statements.COUNT).one()
    report.new, report.changed, report.same = rows - known, changed, known - changed


def write(session: Session, plan: engine.Plan, report: Report, this: Import) -> None:
    """Write new and changed rows, their history, one line of audit and one announcement."""
    report.applied = True
    touched = sorted(session.scalars(statements.TOUCHED))
    if not touched:
        return
    signed = {"now": this.now, "by_id": this.by.id, "by_name": this.by.name}
    fresh = {"id_head": str(new_id())[:28], "synthetic": this.synthetic}
    changed = session.execute(statements.UPDATE, signed)
    made = session.execute(statements.insert_new(plan.mapped), signed | fresh)
    if (made.rowcount, changed.rowcount) != (report.new, report.changed):  # type: ignore[attr-defined]  # a cursor's result
        raise Conflict("The ledger changed while the file was being read. Import it again.")
    where = this.by.area_path
    facts = report.counts() | {"source": plan.mapping.source}
    audit.record(session, act="points.imported", subject=this.id, area_path=where, **facts)
    notify.announce(
        session, topic="point", kind="imported", ref=this.id, area_path=where, also=tuple(touched)
    )
