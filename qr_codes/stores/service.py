"""Verbs of stores: bring a list in, dry by default and twice no change; follow boundaries."""

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.areas.placing import Placer
from gis.areas.replacing import misplaced
from gis.authority import Act, Actor
from gis.errors import Conflict, Rejected
from gis.exchange.importing import engine
from gis.exchange.importing.checks import heading, take_out, unlike
from gis.exchange.importing.fields import Field
from gis.exchange.table import Refused
from gis.intake import ledger
from gis.intake.ledger import Import
from hazards.checklists.rules import Named
from qr_codes.stores import fields, repository, statements
from qr_codes.stores.models import MaterialStore
from qr_codes.stores.telling import tell

PLACES = select(
    MaterialStore.id,
    func.ST_X(MaterialStore.place),
    func.ST_Y(MaterialStore.place),
    MaterialStore.area_path,
)


class Stores(ledger.Ledger):
    """Stores: one in the list has afterwards what the list says; others stay."""

    topic = "store"
    act = act_to_write = Act.EDIT_ASSET
    waiting = (statements.AFRESH, statements.SAID)
    counting = statements.COUNT
    touching = statements.TOUCHED

    def fields(self) -> Sequence[Field]:
        """Give the fields of a row, with every name a material has."""
        return fields.store_fields(repository.materials(self.session))

    def refuse(self) -> list[Refused]:
        """Refuse rows that do not go together."""
        return take_out(self.session, list(wrong(self.session, self.plan)))

    def write(self, this: Import) -> bool:
        """Write stores with their whole stock."""
        self.session.execute(statements.BOOK, this.signed)
        changed = self.session.execute(statements.UPDATE, this.signed)
        made = self.session.execute(statements.INSERT, this.signed | this.fresh)
        return self.as_counted(made, changed)

    def clash(self) -> Conflict:
        """Say that a store is somebody else's."""
        return Conflict(
            "Some of these stores are known already outside your area. Check their numbers."
        )


bring_in = partial(ledger.bring_in, Stores)


def wrong(session: Session, plan: engine.Plan) -> Iterator[Refused]:
    """Refuse rows that do not go together with the others, or say half of something."""
    for line, number, material, first in session.execute(statements.TWICE):
        reason = Rejected("{number} has this material on line {first} already. Keep one row.",
                          number=number, first=first)  # fmt: skip
        yield Refused(line, reason, heading(plan, "material"), material)
    yield from unlike(session, plan)
    for line, lacks_amount in session.execute(statements.AMOUNTLESS):
        column = heading(plan, "amount" if lacks_amount else "material")
        yield Refused(line, Rejected("Material and amount go together. Fill both in."), column)
    for line, said, zh, en, name_zh, name_en in session.execute(statements.COUNTED):
        reason = Rejected("{material} is counted in {unit} here. Convert the amount.",
                          material=Named(name_zh, name_en), unit=Named(zh, en or zh))  # fmt: skip
        yield Refused(line, reason, heading(plan, "unit"), said)


def place_anew(session: Session, placer: Placer, *, by: Actor) -> int:
    """Give every store today's area in the SYSTEM scope; tell how many moved."""
    moves = misplaced(session, PLACES, placer)
    if moves.ids:
        moved = {"ids": list(moves.ids), "paths": list(moves.paths)}
        session.execute(statements.FOLLOW, moved)
        tell(session, "moved", by, moves.touched, count=len(moves.ids))
    return len(moves.ids)
