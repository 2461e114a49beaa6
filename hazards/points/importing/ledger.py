"""Points: what their ledger has of its own when a list is brought in."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import text

from gis import shift
from gis.authority import Act
from gis.errors import Conflict
from gis.exchange.importing.fields import Field
from gis.exchange.table import Refused
from gis.intake import ledger
from gis.intake.ledger import Import, Shown
from hazards.points import types
from hazards.points.importing import checks, previewing, statements
from hazards.points.importing.fields import ledger_fields

MANY = 20_000
"""From so many new rows on, an empty ledger gets its indexes after them."""


class Points(ledger.Ledger):
    """The points' ledger. Written at once, past every case, only by who may approve."""

    topic = "point"
    act = Act.EDIT_POINT
    act_to_write = Act.APPROVE_POINT

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

    def compare(self) -> tuple[int, int, int]:
        """Count; the changed rows wait in `changed`."""
        self.session.execute(text("DROP TABLE IF EXISTS pg_temp.changed"))
        self.session.execute(statements.changed_rows(self.plan.mapped))
        rows, known, changed = self.session.execute(statements.COUNT).one()
        self.counted = (rows - known, changed)
        return rows - known, changed, rows

    def shown(self, *, most: int) -> tuple[Shown, Shown]:
        """Give the first new and the first changed points."""
        session = self.session
        return (
            previewing.new_rows(session, most=most),
            previewing.changed_rows(session, most=most),
        )

    def touched(self) -> Sequence[str]:
        """Name the areas in which something is new or changed."""
        return self.session.scalars(statements.TOUCHED).all()

    def write(self, this: Import) -> bool:
        """Write new and changed rows; the database keeps their history."""
        changed = self.session.execute(statements.UPDATE, this.signed)
        fresh = this.signed | this.fresh
        if self.counted[0] >= MANY:
            self.session.execute(statements.REST)
        made = self.session.execute(statements.insert_new(self.plan.mapped), fresh)
        self.session.execute(statements.INDEX)
        return (made.rowcount, changed.rowcount) == self.counted  # type: ignore[attr-defined]  # a cursor's result

    def clash(self) -> Conflict:
        """Say that a point changed meanwhile."""
        return Conflict("The ledger changed while the file was being read. Import it again.")


bring_in = partial(ledger.bring_in, Points)
