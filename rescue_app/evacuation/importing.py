"""Households: what their register has of its own when a list is brought in."""

from collections.abc import Sequence

import pyarrow as pa

from gis.areas import staged
from gis.authority import Act, Actor
from gis.errors import Conflict
from gis.exchange.importing.checks import heading, take_out, twice
from gis.exchange.importing.fields import Field
from gis.exchange.table import Refused
from gis.intake import ledger
from gis.intake.ledger import Import
from rescue_app.evacuation import list_statements as statements
from rescue_app.evacuation.household_lists import Wrong, counted, household_fields, number_of


def source_of(by: Actor) -> str:
    """Give whose numbers those of a file are: two districts may both have a household 1."""
    return f"list {by.area_path}"


class Households(ledger.Ledger):
    """The register of households; one in the list has afterwards what the list says."""

    topic = "household"
    act = act_to_write = Act.EDIT_POINT
    waiting = (statements.AFRESH, statements.SAID)
    counting = statements.COUNT
    first = (statements.NEW, statements.CHANGED)
    touching = statements.TOUCHED

    def fields(self) -> Sequence[Field]:
        """Give what a row may say."""
        return household_fields()

    def finish(self, rows: pa.Table) -> tuple[pa.Table, list[Refused]]:
        """Read the counts, number what has no number, add the area; refuse the rest."""
        told, refused = rows.to_pylist(), []
        people: list[tuple[int, int]] = []
        for row in told:
            try:
                people.append(counted(row))
            except Wrong as wrong:
                column = heading(self.plan, wrong.field)
                refused.append(Refused(row["line"], wrong.reason, column, row[wrong.field]))
                people.append((0, 0))
        rows = put(rows, "people", [str(count) for count, _ in people])
        rows = put(rows, "frail", [str(frail) for _, frail in people])
        rows = put(rows, "number", [number_of(row) for row in told])
        rows = put(rows, "source", [source_of(self.by)] * len(told))
        placed, away = staged.placed(rows, self.placer, mine=self.by.area_path, away=self.away)
        known = {one.line for one in refused}
        return placed, refused + [one for one in away if one.line not in known]

    def refuse(self) -> list[Refused]:
        """Refuse households that come twice."""
        return take_out(self.session, list(twice(self.session, self.plan)))

    def write(self, this: Import) -> bool:
        """Write what is new and what changed."""
        changed = self.session.execute(statements.UPDATE, this.signed)
        made = self.session.execute(statements.INSERT, this.signed | this.fresh)
        return self.as_counted(made, changed)

    def clash(self) -> Conflict:
        """Say that the register changed meanwhile."""
        return Conflict("The households changed while the file was being read. Import it again.")


def put(rows: pa.Table, name: str, values: Sequence[str]) -> pa.Table:
    """Give rows with other texts in a column, or with the column that they lacked."""
    column = pa.array(values, pa.string())
    at = rows.schema.get_field_index(name)
    if at < 0:
        return rows.append_column(name, column)
    return rows.set_column(at, name, column)
