"""Bring a ledger in as people do: into a case, for the review to judge."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from gis.exchange.table import Table
from gis.store.base import new_id
from hazards.points.cases import drafting, service
from hazards.points.cases.applying import SAYS
from hazards.points.cases.rules import Kind
from hazards.points.importing import ledger
from hazards.points.importing.statements import WRITTEN, rows_said

FROM_FILE = frozenset({*WRITTEN, "number", "source", "area_path"})
FIXED = {
    "state": "'approved'",
    "delisted_ground": "NULL",
    "file_ids": "coalesce(point.file_ids, '{}')",
    "synthetic": "coalesce(point.synthetic, false)",
}


def propose(
    session: Session,
    *,
    table: Table,
    mapping: Mapping,
    case_id: UUID,
    title: str,
    by: Actor,
    now: datetime,
    step: Callable[[int], None] = lambda _: None,
) -> Report:
    """Check a table as a trial does, draft what is new or changed, and hand the case in."""
    report = ledger.bring_in(
        session, table=table, mapping=mapping, by=by, now=now, apply=False, step=step
    )
    case = service.open_case(
        session, id=case_id, kind=Kind.IMPORT, title=title, reason=mapping.source, by=by, now=now
    )
    mapped = frozenset(mapping.with_constant("source", mapping.source).fields)
    drafting.fill(session, case, drafts(mapped), id_head=str(new_id())[:28])
    service.apply(session, case_id=case.id, by=by, now=now)
    return report


def drafts(mapped: frozenset[str]) -> str:
    """Select what the good rows would make of their entries, as drafts; unchanged ones not."""
    said = ", ".join(column(name) for name in SAYS)
    return f"""
        {rows_said(mapped)}
        SELECT coalesce(said.point_id, (:id_head || lpad(to_hex(said.line), 8, '0'))::uuid),
            coalesce(said.seen, 0), {said}
        FROM said LEFT JOIN hazard_point AS point ON point.id = said.point_id
        WHERE said.point_id IS NULL OR said.point_id IN (SELECT point_id FROM changed)
    """  # noqa: S608 - made of the columns' own names


def column(name: str) -> str:
    """Say where a column of a draft comes from: file, rule, or the entry as it is."""
    if name in FROM_FILE:
        return f"said.{name}"
    return FIXED.get(name, f"point.{name}")
