"""Bring a list of assets in: dry by default, the same numbers when applied, twice no change."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gis.areas import staged
from gis.areas.placing import Placer, day_of
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Rejected
from gis.exchange.importing import engine
from gis.exchange.importing.checks import heading, take_out, twice
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from gis.exchange.table import Refused, Table
from gis.store import audit, notify
from gis.store.base import new_id
from qr_codes.assets import linking, moving, repository
from qr_codes.assets.fields import fields_of
from qr_codes.assets.importing import fields, statements
from qr_codes.assets.importing.rows import Kinds, Reader
from qr_codes.assets.models import AssetType

NO_OTHER = "No asset of this list or of the registry has the number {number}. Bring it in first."


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
    """Check a table against the registry, say what it would change, and write it if meant."""
    require(by, Act.EDIT_ASSET, by.area_path)
    kinds = repository.types(session)
    relations = frozenset(one.code for one in linking.relations(session))
    wanted = fields.registry_fields(kinds, sorted(relations))
    whole = mapping.with_constant("source", mapping.source)
    plan = engine.planned(table, whole, wanted, lines=True)
    placer = Placer(session, day=day_of(now))
    reader = Reader(plan, known(kinds, relations), placer, by.area_path, [])
    report = engine.stage(session, plan, fields.STAGED, finish=reader.finish, step=step)
    staged.not_shifted(session, placer, reader.away)
    report.refusals += take_out(session, [*twice(session, plan), *standing(session, plan)])
    while more := take_out(session, unlinkable(session, plan)):  # one may name another
        report.refusals += more
    report.refusals = list(engine.in_order(report.refusals))
    compare(session, plan, report)
    if apply:
        write(session, report, by=by, now=now, source=mapping.source, synthetic=synthetic)
    return report


def known(kinds: Sequence[AssetType], relations: frozenset[str]) -> Kinds:
    """Gather what rows are held against."""
    return Kinds(
        shapes={kind.code: kind.geometry for kind in kinds},
        names={kind.code: kind.name_zh for kind in kinds},
        fields={kind.code: {f.code: f for f in fields_of(kind.fields)} for kind in kinds},
        codes=fields.own_codes(kinds),
        relations=relations,
    )


def standing(session: Session, plan: engine.Plan) -> list[Refused]:
    """Refuse numbers that the registry has where this file cannot change them."""
    column = heading(plan, "number")
    gone = Rejected("This asset is out of use. Bring it back into use first.")
    taken = Rejected("This number belongs to an asset outside your area. Check the number.")
    return [
        *(Refused(line, gone, column, said) for line, said in session.execute(statements.RETIRED)),
        *(Refused(line, taken, column, said) for line, said in session.execute(statements.TAKEN)),
    ]


def unlinkable(session: Session, plan: engine.Plan) -> list[Refused]:
    """Refuse rows that name an asset which is neither in the list nor in the registry."""
    return [
        Refused(line, Rejected(NO_OTHER, number=number), heading(plan, relation), number)
        for line, relation, number in session.execute(statements.UNKNOWN)
    ]


def compare(session: Session, plan: engine.Plan, report: Report) -> None:
    """Count what is new, changed and the same; what would be written waits in tables."""
    session.execute(statements.AFRESH)
    codes = [pair.field.name for pair in plan.pairs if pair.field not in fields.PLAIN]
    session.execute(statements.said(plan.mapped), {"codes": codes})
    session.execute(statements.CHANGED)
    session.execute(statements.RATED)
    session.execute(statements.LINKED)
    report.new, report.changed, rows = session.execute(statements.COUNT).one()
    report.same = rows - report.new - report.changed


def write(
    session: Session, report: Report, *, by: Actor, now: datetime, source: str, synthetic: bool
) -> None:
    """Write what is new or changed, one line of audit and one announcement."""
    report.applied = True
    if report.new + report.changed == 0:
        return
    touched = sorted(session.scalars(statements.TOUCHED))
    moved = session.scalars(statements.MOVED).all()
    signed = {"now": now, "by_id": by.id, "by_name": by.name}
    told = session.scalar(statements.TOLD)
    changed = session.execute(statements.UPDATE, signed)
    fresh = {"id_head": str(new_id())[:28], "synthetic": synthetic}
    made = session.execute(statements.INSERT, signed | fresh)
    if (made.rowcount, changed.rowcount) != (report.new, told):  # type: ignore[attr-defined]  # a cursor's result
        raise Conflict("The registry changed while the file was being read. Import it again.")
    session.execute(statements.RATE, {"now": now})
    session.execute(statements.LINK, {"now": now, "by_name": by.name})
    moving.follow(session, moved)
    this, facts = new_id(), report.counts() | {"source": source}
    audit.record(session, act="assets.imported", subject=this, area_path=by.area_path, **facts)
    notify.announce(
        session,
        topic="asset",
        kind="imported",
        ref=this,
        area_path=by.area_path,
        also=tuple(touched),
    )
