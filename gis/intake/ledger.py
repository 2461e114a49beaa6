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
from sqlalchemy import Result, TextClause
from sqlalchemy.orm import Session

from gis import shift
from gis.areas import placing, staged
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
    waiting: ClassVar[Sequence[TextClause]] = ()
    """What lays out in tables what would be written."""
    counting: ClassVar[TextClause]
    """What counts there what is new, what changed, and all."""
    first: ClassVar[Sequence[TextClause]] = ()
    """What gives the first new rows, and the first changed ones, for eyes; all are counted."""
    touching: TextClause | None = None
    """What names the areas in which something is new or changed."""

    def __init__(self, session: Session, *, by: Actor, now: datetime) -> None:
        self.session = session
        self.by = by
        self.placer = placing.Placer(session, day=placing.day_of(now))
        self.claims: staged.Claims = []
        self.away: staged.Claims = []
        self.plan: engine.Plan
        self.held: Sequence[Field]
        self.counted: tuple[int, int]

    @abstractmethod
    def fields(self) -> Sequence[Field]:
        """Give what a file may speak of."""

    def completed(self, mapping: Mapping, table: Table) -> Mapping:  # noqa: ARG002 - for whoever keeps more of a file
        """Add what is kept of a file though nobody says so."""
        return mapping

    def columns(self, fields: Sequence[Field]) -> Sequence[Field]:
        """Give what the temporary table holds."""
        return fields

    def open(self, table: Table, mapping: Mapping) -> None:
        """Check mapping, file and ledger against each other before a row is read."""
        fields = self.fields()
        whole = self.completed(mapping, table).with_constant("source", mapping.source)
        self.plan = engine.planned(table, whole, fields, lines=self.lines, instead=self.instead)
        self.held = self.columns(fields)

    def finish(self, rows: pa.Table) -> tuple[pa.Table, list[Refused]]:
        """Add to some good rows what only we know, such as their area; refuse some for it."""
        return staged.placed(rows, self.placer, mine=self.by.area_path, away=self.away)

    def take(self, rows: pa.Table) -> None:
        """Keep of some good rows what they claim."""
        self.claims += staged.claimed(rows, most=staged.MOST_CLAIMS - len(self.claims))

    def stage(self, step: engine.Progress) -> Report:
        """Read all rows; a file that fits what they claim only after a shift is stopped."""
        report = engine.stage(
            self.session, self.plan, self.held, finish=self.finish, take=self.take, step=step
        )
        staged.not_shifted([*self.claims, *self.away], self.placer, mine=self.by.area_path)
        return report

    @abstractmethod
    def refuse(self) -> list[Refused]:
        """Refuse what only the whole shows to be wrong, and take it out."""

    def known(self) -> shift.Known:
        """Say of some rows where the ledger has the same things, to find out a shift."""
        return ()

    def lay_out(self) -> None:
        """Lay out what would be written."""
        for statement in self.waiting:
            self.session.execute(statement)

    def compare(self) -> tuple[int, int, int]:
        """Count what is new, what changed, and all; what would be written waits in tables."""
        self.lay_out()
        new, changed, rows = self.session.execute(self.counting).one()
        self.counted = (new, changed)
        return new, changed, rows

    def shown(self, *, most: int) -> tuple[Shown, Shown]:
        """Give the first new and the first changed rows."""
        if not self.first:
            return [], []
        new, changed = (
            [dict(row) for row in self.session.execute(asked, {"limit": most}).mappings()]
            for asked in self.first
        )
        return new, changed

    def touched(self) -> Sequence[str]:
        """Name the areas in which something is new or changed."""
        return () if self.touching is None else self.session.scalars(self.touching).all()

    def as_counted(self, made: Result[Any], changed: Result[Any]) -> bool:
        """Tell whether as much was written as the comparison counted."""
        return (made.rowcount, changed.rowcount) == self.counted  # type: ignore[attr-defined]  # a cursor's result

    @abstractmethod
    def write(self, this: Import) -> bool:
        """Write what is new or changed; false when it was not what the comparison counted."""

    @abstractmethod
    def clash(self) -> Conflict:
        """Say that somebody else was quicker, and what to do."""

    @classmethod
    def at_once(
        cls,
        session: Session,  # noqa: ARG003 - for ledgers that can
        this: Import,  # noqa: ARG003 - as above
        *,
        table: Table,  # noqa: ARG003 - as above
        mapping: Mapping,  # noqa: ARG003 - as above
        step: engine.Progress,  # noqa: ARG003 - as above
    ) -> Report | None:
        """Fill an empty ledger while its file is read; nothing where rows must be compared."""
        return None

    def tell(self, report: Report, this: Import, *, touched: Sequence[str]) -> None:
        """Write one line of audit and one announcement."""
        where, topic = self.by.area_path, self.topic
        facts = report.counts() | {"source": self.plan.mapping.source}
        act = f"{topic}s.imported"
        audit.record(self.session, act=act, subject=this.id, area_path=where, **facts)
        also = tuple(sorted(touched))
        notify.announce(
            self.session, topic=topic, kind="imported", ref=this.id, area_path=where, also=also
        )


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
    if apply and (report := kind.at_once(session, this, table=table, mapping=mapping, step=step)):
        return report
    ledger, report = tried(kind, session, table=table, mapping=mapping, by=by, now=now, step=step)
    if apply:
        write(ledger, report, this)
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
    ledger.open(table, mapping)
    report = ledger.stage(step)
    if (measured := shift.of_known(ledger.known())) is not None:
        raise measured.refusal()
    report.refusals = list(engine.in_order([*report.refusals, *ledger.refuse()]))
    report.new, report.changed, rows = ledger.compare()
    report.same = rows - report.new - report.changed
    return ledger, report


def write(ledger: Ledger, report: Report, this: Import) -> None:
    """Write new and changed rows, and tell of it."""
    report.applied = True
    if report.new + report.changed == 0:
        return
    touched = ledger.touched()
    if not ledger.write(this):
        raise ledger.clash()
    ledger.tell(report, this, touched=touched)
