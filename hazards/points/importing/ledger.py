"""Points: what their ledger has of its own when a list is brought in."""

from collections.abc import Sequence
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gis import shift
from gis.authority import Act
from gis.errors import Conflict
from gis.exchange.importing import engine, staging
from gis.exchange.importing.fields import Field
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from gis.exchange.table import Refused, Table
from gis.intake import ledger
from gis.intake.ledger import Import
from hazards.points import types
from hazards.points.importing import checks, previewing, statements
from hazards.points.importing.fields import ledger_fields

MANY = 20_000
"""From so many rows on, an empty ledger is filled while they are read; indexes come after them."""


class Points(ledger.Ledger):
    """The points' ledger. Written at once, past every case, only by who may approve."""

    topic = "point"
    act = Act.EDIT_POINT
    act_to_write = Act.APPROVE_POINT
    counting = statements.COUNT
    first = (previewing.NEW, previewing.CHANGED)
    touching = statements.TOUCHED

    def fields(self) -> Sequence[Field]:
        """Give the ledger's fields with the words for hazard types."""
        return ledger_fields(types.words(self.session))

    def refuse(self) -> list[Refused]:
        """Refuse rows against each other, then against the ledger."""
        return [
            *checks.within_the_file(self.session, self.plan),
            *checks.against_the_ledger(self.session, self.plan),
        ]

    def known(self) -> shift.Known:
        """Say where the ledger has points of the same number or name."""
        return [tuple(row) for row in self.session.execute(statements.KNOWN)]

    def lay_out(self) -> None:
        """Let the changed rows wait in `changed`, held to the columns that the file has."""
        self.session.execute(statements.AFRESH)
        self.session.execute(statements.changed_rows(self.plan.mapped))

    def write(self, this: Import) -> bool:
        """Write new and changed rows; the database keeps their history."""
        changed = self.session.execute(statements.UPDATE, this.signed)
        fresh = this.signed | this.fresh
        if self.counted[0] >= MANY:
            self.session.execute(statements.REST)
        made = self.session.execute(statements.insert_new(self.plan.mapped), fresh)
        self.session.execute(statements.WAKE)
        return self.as_counted(made, changed)

    def clash(self) -> Conflict:
        """Say that a point changed meanwhile."""
        return Conflict("The ledger changed while the file was being read. Import it again.")

    @classmethod
    def at_once(
        cls,
        session: Session,
        this: Import,
        *,
        table: Table,
        mapping: Mapping,
        step: engine.Progress,
    ) -> Report | None:
        """Fill an empty ledger slice by slice while the file is read.

        What only the whole file shows to be wrong, the ledger's own rules find: then all is taken
        back, and the file is compared as any other, so that each such row is named.
        """
        if len(table) < MANY:
            return None
        done: list[int] = []

        def stepped(rows: int) -> None:
            done.append(rows)
            step(rows)

        try:
            with session.begin_nested():
                if session.scalar(statements.REST):
                    return First(session, this).filled(table, mapping, stepped)
        except IntegrityError:
            step(-sum(done))
        return None


class First(Points):
    """An empty ledger, filled slice by slice while the file is read: every row is new."""

    def __init__(self, session: Session, this: Import) -> None:
        super().__init__(session, by=this.by, now=this.now)
        self.this = this
        self.areas: set[str] = set()

    def take(self, rows: pa.Table) -> None:
        """Write the rows at once, and make room for the next ones."""
        super().take(rows)
        insert = statements.insert_new(self.plan.mapped, statements.NONE_YET)
        self.session.execute(insert, self.this.signed | self.this.fresh)
        staging.empty(self.session, engine.STAGED)
        self.areas.update(pc.unique(rows["area_path"]).to_pylist())

    def filled(self, table: Table, mapping: Mapping, step: engine.Progress) -> Report:
        """Write all rows, and let the ledger hold them to its rules."""
        self.open(table, mapping)
        report = self.stage(step)
        self.session.execute(statements.WAKE)
        report.refusals = list(engine.in_order(report.refusals))
        report.new = report.rows - report.refused
        report.applied = True
        if report.new:
            self.tell(report, self.this, touched=tuple(self.areas))
        return report


bring_in = partial(ledger.bring_in, Points)
