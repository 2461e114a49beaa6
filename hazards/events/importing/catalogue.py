"""Disaster records: what their catalogue has of its own when a list is brought in.

A record known to 50 km is no point: it belongs to the smallest area that surely holds it. What
happened outside the areas we know is kept for statistics and seen by the program alone.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pyarrow as pa
from shapely import Point
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, within
from gis.errors import Conflict, Rejected
from gis.exchange.importing.checks import take_out, twice
from gis.exchange.importing.fields import Field
from gis.exchange.importing.mapping import FieldMapping, Mapping
from gis.exchange.table import Refused, Table
from gis.intake import ledger
from gis.intake.ledger import Import
from hazards.events.importing import statements
from hazards.events.importing.dating import dated
from hazards.events.importing.fields import AREA, RAW, catalogue_fields
from hazards.events.importing.whereabouts import Whereabouts
from hazards.events.models import EVERYWHERE

NOT_SURELY_OURS = Rejected(
    "This record does not surely lie in your area. The city's centre may bring it in."
)
FAR_AWAY = Rejected("This record lies outside the city. It is left out.")


class Events(ledger.Ledger):
    """The catalogue of disaster records."""

    topic = "event"
    act = act_to_write = Act.EDIT_POINT
    instead = AREA
    waiting = (statements.AFRESH, statements.CHANGED)
    counting = statements.COUNT
    first = (statements.NEW, statements.DIFFERENT)
    # Records are looked at by those who see all of them: no further area is told.

    def __init__(self, session: Session, *, by: Actor, now: datetime) -> None:
        super().__init__(session, by=by, now=now)
        self.whereabouts = Whereabouts(self.placer)

    def fields(self) -> Sequence[Field]:
        """Give the catalogue's fields."""
        return catalogue_fields(self.session)

    def completed(self, mapping: Mapping, table: Table) -> Mapping:
        """Keep all of the source's own words where nobody says which."""
        if RAW in mapping.fields or not table.columns:
            return mapping
        raw = FieldMapping(columns=table.columns)
        return mapping.model_copy(update={"fields": {**mapping.fields, RAW: raw}})

    def finish(self, rows: pa.Table) -> tuple[pa.Table, list[Refused]]:
        """Say when and where each record was; add the smallest area that surely holds it."""
        rows, undated = dated(rows)
        rows, named, unplaced = self.whereabouts.told(rows)
        left_out = {one.line for one in (*undated, *unplaced)}
        longitudes, latitudes = rows["longitude"].to_numpy(), rows["latitude"].to_numpy()
        accuracies, lines = rows["location_accuracy_m"].to_pylist(), rows["line"].to_pylist()
        paths: list[str] = []
        refused = [*undated, *unplaced]
        for n, found in enumerate(self.placer.paths(longitudes, latitudes)):
            place = Point(longitudes[n], latitudes[n])
            path = named[n] or EVERYWHERE
            if named[n] is None and found is not None:
                path = self.placer.path_around(found, place, radius_m=accuracies[n])
            paths.append(path)
            if lines[n] not in left_out and not within(path, self.by.area_path):
                where = f"{place.x:.6f}, {place.y:.6f}"
                reason = FAR_AWAY if path == EVERYWHERE else NOT_SURELY_OURS
                refused.append(Refused(lines[n], reason, "", where))
        return rows.append_column("area_path", pa.array(paths, pa.string())), refused

    def refuse(self) -> list[Refused]:
        """Refuse numbers that come twice."""
        return take_out(self.session, list(twice(self.session, self.plan)))

    def write(self, this: Import) -> bool:
        """Write new and changed records; what was there before is kept, to be taken back."""
        noted = {"import_id": this.id, "now": this.now}
        self.session.execute(statements.BEFORE, noted)
        changed = self.session.execute(statements.UPDATE)
        made = self.session.execute(statements.INSERT, this.fresh)
        self.session.execute(statements.MADE, noted | this.fresh)
        return self.as_counted(made, changed)

    def clash(self) -> Conflict:
        """Say that a record is somebody else's."""
        return Conflict(
            "Some records are known already outside your area. Let the city's centre import them."
        )


bring_in = partial(ledger.bring_in, Events)
