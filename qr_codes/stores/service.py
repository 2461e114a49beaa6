"""Verbs of stores: bring a list in, dry by default and twice no change; follow boundaries."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.areas import staged
from gis.areas.placing import Placer, day_of
from gis.areas.replacing import misplaced
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Rejected
from gis.exchange.importing import engine
from gis.exchange.importing.checks import heading, take_out
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from gis.exchange.table import Refused, Table
from gis.store import audit, notify
from gis.store.base import new_id
from hazards.checklists.rules import Named
from qr_codes.stores import fields, repository, statements
from qr_codes.stores.models import MaterialStore

PLACES = select(
    MaterialStore.id,
    func.ST_X(MaterialStore.place),
    func.ST_Y(MaterialStore.place),
    MaterialStore.area_path,
)


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
    """Check a list of stores, say what it would change, and write it if meant.

    A store in the list has afterwards what the list says, and nothing else; others stay.
    """
    require(by, Act.EDIT_ASSET, by.area_path)
    wanted = fields.store_fields(repository.materials(session))
    plan = engine.planned(table, mapping.with_constant("source", mapping.source), wanted)
    placer = Placer(session, day=day_of(now))
    away: staged.Claims = []
    report = engine.stage(
        session, plan, wanted, step=step,
        finish=lambda rows: staged.placed(rows, placer, mine=by.area_path, away=away),
    )  # fmt: skip
    staged.not_shifted(session, placer, away)
    report.refusals += take_out(session, list(wrong(session, plan)))
    report.refusals = list(engine.in_order(report.refusals))
    session.execute(statements.AFRESH)
    session.execute(statements.SAID)
    report.new, report.changed, stores = session.execute(statements.COUNT).one()
    report.same = stores - report.new - report.changed
    if apply:
        write(session, report, by=by, now=now, source=mapping.source, synthetic=synthetic)
    return report


def wrong(session: Session, plan: engine.Plan) -> Iterator[Refused]:
    """Refuse rows that do not go together with the others, or say half of something."""
    for line, number, material, first in session.execute(statements.TWICE):
        reason = Rejected("{number} has this material on line {first} already. Keep one row.",
                          number=number, first=first)  # fmt: skip
        yield Refused(line, reason, heading(plan, "material"), material)
    for line, number, first in session.execute(statements.UNLIKE):
        reason = Rejected(
            "{number} has another name, keeper or place on line {first}. Say the same on both.",
            number=number, first=first,
        )  # fmt: skip
        yield Refused(line, reason, heading(plan, "number"), number)
    for line, lacks_amount in session.execute(statements.AMOUNTLESS):
        column = heading(plan, "amount" if lacks_amount else "material")
        yield Refused(line, Rejected("Material and amount go together. Fill both in."), column)
    for line, said, zh, en, name_zh, name_en in session.execute(statements.COUNTED):
        reason = Rejected("{material} is counted in {unit} here. Convert the amount.",
                          material=Named(name_zh, name_en), unit=Named(zh, en or zh))  # fmt: skip
        yield Refused(line, reason, heading(plan, "unit"), said)


def write(
    session: Session, report: Report, *, by: Actor, now: datetime, source: str, synthetic: bool
) -> None:
    """Write what is new or changed, one line of audit and one announcement."""
    report.applied = True
    if report.new + report.changed == 0:
        return
    touched = tuple(sorted(session.scalars(statements.TOUCHED)))
    signed = {"now": now, "by_name": by.name}
    changed = session.execute(statements.UPDATE, signed)
    fresh = {"id_head": str(new_id())[:28], "synthetic": synthetic}
    made = session.execute(statements.INSERT, signed | fresh)
    if (made.rowcount, changed.rowcount) != (report.new, report.changed):  # type: ignore[attr-defined]  # a cursor's result
        raise Conflict(
            "Some of these stores are known already outside your area. Check their numbers."
        )
    tell(session, "imported", by, touched, source=source, **report.counts())


def place_anew(session: Session, placer: Placer, *, by: Actor) -> int:
    """Give every store today's area in the SYSTEM scope; tell how many moved."""
    moves = misplaced(session, PLACES, placer)
    if moves.ids:
        moved = {"ids": list(moves.ids), "paths": list(moves.paths)}
        session.execute(statements.FOLLOW, moved)
        tell(session, "moved", by, moves.touched, count=len(moves.ids))
    return len(moves.ids)


def tell(session: Session, kind: str, by: Actor, touched: tuple[str, ...], **facts: object) -> None:
    """Note an act, and let open pages know."""
    this = new_id()
    audit.record(session, act=f"stores.{kind}", subject=this, area_path=by.area_path, **facts)
    notify.announce(
        session, topic="store", kind=kind, ref=this, area_path=by.area_path, also=touched
    )
