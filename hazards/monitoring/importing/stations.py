"""A list of stations, one row for each stream of a station: dry by default, twice no change."""

from collections.abc import Iterator, Sequence
from functools import partial

from gis.authority import Act
from gis.errors import Conflict, Rejected
from gis.exchange.importing.checks import heading, take_out, unlike
from gis.exchange.importing.fields import Field
from gis.exchange.table import Refused
from gis.intake import ledger
from gis.intake.ledger import Import
from hazards.monitoring import marks, properties
from hazards.monitoring.importing import statements
from hazards.monitoring.importing.fields import station_fields


class Stations(ledger.Ledger):
    """Stations: one in the list has afterwards what the list says; no stream is ever removed."""

    topic = "station"
    act = act_to_write = Act.EDIT_POINT
    waiting = (statements.AFRESH, statements.STATIONS, statements.STREAMS)
    counting = statements.COUNT
    first = (statements.NEW, statements.CHANGED)
    touching = statements.TOUCHED

    def fields(self) -> Sequence[Field]:
        """Give the fields of a row."""
        return station_fields(self.session)

    def refuse(self) -> list[Refused]:
        """Refuse rows that do not go together."""
        return take_out(self.session, list(self._wrong()))

    def _wrong(self) -> Iterator[Refused]:
        for line, number, of, first in self.session.execute(statements.TWICE):
            reason = Rejected(
                "{number} measures this on line {first} already. Keep one row, or give each its"
                " own channel.",
                number=number,
                first=first,
            )
            yield Refused(line, reason, heading(self.plan, "property"), of)
        self.session.execute(statements.MARKS_AFRESH)
        self.session.execute(statements.MARKS)
        known = {one.code: one.marks for one in properties.listed(self.session)}
        for line, of, said in self.session.execute(statements.MARKED):
            try:
                marks.check(known[of], said)
            except Rejected as problem:
                yield Refused(line, problem, heading(self.plan, "property"), of)
        yield from unlike(self.session, self.plan)

    def compare(self) -> tuple[int, int, int]:
        """Count streams, and the stations that are new."""
        counts = super().compare()
        self.stations = self.session.execute(statements.STATIONS_MADE).scalar_one()
        return counts

    def write(self, this: Import) -> bool:
        """Write stations, then their streams; what was there before is kept, to be taken back."""
        noted = {"import_id": this.id, "now": this.now}
        self.session.execute(statements.BEFORE, noted)
        self.session.execute(statements.UPDATE_STATIONS)
        made = self.session.execute(statements.INSERT_STATIONS, this.fresh)
        self.session.execute(statements.PACE_STREAMS)
        self.session.execute(statements.PLACE_STREAMS)
        self.session.execute(statements.INSERT_STREAMS)
        self.session.execute(statements.MADE, noted)
        written: bool = made.rowcount == self.stations  # type: ignore[attr-defined]  # a cursor's result
        return written

    def clash(self) -> Conflict:
        """Say that a station is somebody else's."""
        return Conflict(
            "Some of these stations are known already outside your area. Check their numbers."
        )


bring_in = partial(ledger.bring_in, Stations)
