"""Assets: what their registry has of its own when a list is brought in."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pyarrow as pa
from sqlalchemy.orm import Session

from gis.authority import Act, Actor
from gis.errors import Conflict, Rejected
from gis.exchange.importing import engine
from gis.exchange.importing.checks import heading, take_out, twice
from gis.exchange.importing.fields import Field
from gis.exchange.table import Refused
from gis.intake import ledger
from gis.intake.ledger import Import
from qr_codes.assets import linking, moving, repository
from qr_codes.assets.fields import fields_of
from qr_codes.assets.importing import fields, previewing, statements
from qr_codes.assets.importing.rows import Kinds, Reader
from qr_codes.assets.models import AssetType

NO_OTHER = "No asset of this list or of the registry has the number {number}. Bring it in first."


class Assets(ledger.Ledger):
    """The registry of assets."""

    topic = "asset"
    act = act_to_write = Act.EDIT_ASSET
    lines = True
    counting = statements.COUNT
    first = (previewing.NEW, previewing.CHANGED)
    touching = statements.TOUCHED

    def __init__(self, session: Session, *, by: Actor, now: datetime) -> None:
        super().__init__(session, by=by, now=now)
        self.kinds = repository.types(session)
        self.relations = linking.relations(session)

    def fields(self) -> Sequence[Field]:
        """Give what all assets have, the fields of their kinds, and the relations."""
        return fields.registry_fields(self.kinds, self.relations)

    def columns(self, _: Sequence[Field]) -> Sequence[Field]:
        """Keep the fields of the kinds in one column."""
        return fields.STAGED

    def finish(self, rows: pa.Table) -> tuple[pa.Table, list[Refused]]:
        """Add area, street, name and fields; refuse what does not fit its kind."""
        known = known_of(self.kinds, frozenset(one.code for one in self.relations))
        standing = partial(repository.standing, self.session)
        reader = Reader(self.plan, known, self.placer, self.by.area_path, self.away, standing)
        return reader.finish(rows)

    def refuse(self) -> list[Refused]:
        """Refuse numbers that come twice or stand elsewhere, and links to nothing."""
        session, plan = self.session, self.plan
        found = take_out(session, [*twice(session, plan), *standing(session, plan)])
        while more := take_out(session, unlinkable(session, plan)):  # one may name another
            found += more
        return found

    def lay_out(self) -> None:
        """Let rows, ratings and links wait, held to the columns that the file has."""
        self.session.execute(statements.AFRESH)
        codes = [pair.field.name for pair in self.plan.pairs if pair.field not in fields.PLAIN]
        self.session.execute(statements.said(self.plan.mapped), {"codes": codes})
        for waiting in (statements.CHANGED, statements.RATED, statements.LINKED):
            self.session.execute(waiting)

    def compare(self) -> tuple[int, int, int]:
        """Count; a rating or a link that is new changes an asset, not its row."""
        counts = super().compare()
        self.counted = (counts[0], self.session.execute(statements.TOLD).scalar_one())
        return counts

    def write(self, this: Import) -> bool:
        """Write assets, then their ratings and links."""
        session = self.session
        moved = session.scalars(statements.MOVED).all()
        changed = session.execute(statements.UPDATE, this.signed)
        made = session.execute(statements.INSERT, this.signed | this.fresh)
        session.execute(statements.NOTED, this.signed | {"import_id": this.id})
        session.execute(statements.RATE, this.signed)
        session.execute(statements.LINK, this.signed)
        moving.follow(session, moved)
        return self.as_counted(made, changed)

    def clash(self) -> Conflict:
        """Say that an asset changed meanwhile."""
        return Conflict("The registry changed while the file was being read. Import it again.")


bring_in = partial(ledger.bring_in, Assets)


def known_of(kinds: Sequence[AssetType], relations: frozenset[str]) -> Kinds:
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
