"""What all lists that are brought in have in common: read, placed, checked, compared, written.

Dry by default, the same numbers when applied, nothing on a second run.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import pyarrow as pa
from sqlalchemy.orm import Session

from gis import shift
from gis.areas import staged
from gis.areas.placing import Placer, day_of
from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.exchange.importing import engine
from gis.exchange.importing.fields import Field
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from gis.exchange.table import Refused, Table
from gis.store import audit, notify
from gis.store.base import new_id

Shown = list[dict[str, Any]]
CLAIM = "district"
"""The field by which a list says where its rows lie, and a shift is found out."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import: who brings it, when, and whether its rows are made up."""

    id: UUID
    by: Actor
    now: datetime
    synthetic: bool
    ids: UUID = field(default_factory=new_id)
    """Whose head the ids of new rows have: the same import again has others."""

    @property
    def signed(self) -> dict[str, Any]:
        """Give what is written beside every row."""
        return {"now": self.now, "by_id": self.by.id, "by_name": self.by.name}

    @property
    def fresh(self) -> dict[str, Any]:
        """Give what new rows have: ids with the import's time and chance in front."""
        return {"id_head": str(self.ids)[:28], "synthetic": self.synthetic}


class Ledger(ABC):
    """One kind of list, by what it has of its own. An object serves one import."""

    topic: ClassVar[str]
    """What pages listen to; with an s it is the name of the ledger in the audit."""
    act: ClassVar[Act]
    act_to_write: ClassVar[Act]
    lines: ClassVar[bool] = False
    """Whether a row may be a line."""
    instead: ClassVar[str | None] = None
    """The field that may stand for a place where a row has no coordinates."""

    def __init__(self, session: Session, *, by: Actor, now: datetime) -> None:
        self.session = session
        self.by = by
        self.placer = Placer(session, day=day_of(now))
        self.away: staged.Claims = []
        self.plan: engine.Plan

    @abstractmethod
    def fields(self) -> Sequence[Field]:
        """Give what a file may speak of."""

    def completed(self, mapping: Mapping, table: Table) -> Mapping:  # noqa: ARG002 - for whoever keeps more of a file
        """Add what is kept of a file though nobody says so."""
        return mapping

    def columns(self, fields: Sequence[Field]) -> Sequence[Field]:
        """Give what the temporary table holds."""
        return fields

    def finish(self, rows: pa.Table) -> tuple[pa.Table, list[Refused]]:
        """Add to some good rows what only we know, such as their area; refuse some for it."""
        return staged.placed(rows, self.placer, mine=self.by.area_path, away=self.away)

    @abstractmethod
    def refuse(self) -> list[Refused]:
        """Refuse what only the whole shows to be wrong, and take it out."""

    def known(self) -> shift.Known:
        """Say of some rows where the ledger has the same things, to find out a shift."""
        return ()

    @abstractmethod
    def compare(self) -> tuple[int, int, int]:
        """Count what is new, what changed, and all; what would be written waits in tables."""

    def shown(self, *, most: int) -> tuple[Shown, Shown]:  # noqa: ARG002 - for whoever shows some
        """Give the first new and the first changed rows, for eyes; all are counted."""
        return [], []

    @abstractmethod
    def touched(self) -> Sequence[str]:
        """Name the areas in which something is new or changed."""

    @abstractmethod
    def write(self, this: Import) -> bool:
        """Write what is new or changed; false when it was not what the comparison counted."""

    @abstractmethod
    def clash(self) -> Conflict:
        """Say that somebody else was quicker, and what to do."""


def bring_in(
    kind: type[Ledger],
    session: Session,
    *,
    table: Table,
    mapping: Mapping,
    by: Actor,
    now: datetime,
    apply: bool,
    synthetic: bool = False,
    step: Callable[[int], None] = lambda _: None,
    import_id: UUID | None = None,
) -> Report:
    """Check a table against what we have, report what it would change, and write it if meant."""
    require(by, kind.act_to_write if apply else kind.act, by.area_path)
    this = Import(import_id or new_id(), by, now, synthetic)
    ledger, report = tried(kind, session, table=table, mapping=mapping, by=by, now=now, step=step)
    if apply:
        write(session, ledger, report, this)
    return report


def tried(
    kind: type[Ledger],
    session: Session,
    *,
    table: Table,
    mapping: Mapping,
    by: Actor,
    now: datetime,
    step: Callable[[int], None],
) -> tuple[Ledger, Report]:
    """Read, check and compare; nothing is written."""
    ledger = kind(session, by=by, now=now)
    fields = ledger.fields()
    whole = ledger.completed(mapping, table).with_constant("source", mapping.source)
    ledger.plan = engine.planned(table, whole, fields, lines=kind.lines, instead=kind.instead)
    columns = ledger.columns(fields)
    report = engine.stage(session, ledger.plan, columns, finish=ledger.finish, step=step)
    if CLAIM in ledger.plan.mapped:
        staged.not_shifted(session, ledger.placer, ledger.away, mine=by.area_path)
    if (measured := shift.of_known(ledger.known())) is not None:
        raise measured.refusal()
    report.refusals = list(engine.in_order([*report.refusals, *ledger.refuse()]))
    report.new, report.changed, rows = ledger.compare()
    report.same = rows - report.new - report.changed
    return ledger, report


def write(session: Session, ledger: Ledger, report: Report, this: Import) -> None:
    """Write new and changed rows, one line of audit and one announcement."""
    report.applied = True
    if report.new + report.changed == 0:
        return
    touched = tuple(sorted(ledger.touched()))
    if not ledger.write(this):
        raise ledger.clash()
    where, topic = this.by.area_path, ledger.topic
    facts = report.counts() | {"source": ledger.plan.mapping.source}
    audit.record(session, act=f"{topic}s.imported", subject=this.id, area_path=where, **facts)
    notify.announce(
        session, topic=topic, kind="imported", ref=this.id, area_path=where, also=touched
    )
