"""What makes and signs packs for a request: a key rotated elsewhere holds at once."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.scope import SYSTEM, Scope, enter
from qr_codes.packs import keys, service
from qr_codes.packs.sealing import SECRET_BYTES, SealRing, Whole
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.http.printing import Printer
from rescue_app.web.render import LOCAL_ZONE


def seal_ring(db: Db, actor: Who, now: Now) -> SealRing:
    """Read the keys through the program's eyes, then look through the person's again."""
    enter(db, SYSTEM)
    keys.ensure(db, secret=os.urandom(SECRET_BYTES), now=now)
    ring = keys.read(db, now=now)
    enter(db, Scope.of(actor))
    return ring


Seals = Annotated[SealRing, Depends(seal_ring)]


@dataclass(frozen=True, slots=True)
class Packer:
    """Makes packs for whoever asks, as of now."""

    session: Session
    actor: Actor
    now: datetime
    ring: SealRing
    number_at: Callable[[str], str]

    def make(self, street: str) -> Whole:
        """Make today's pack of a street."""
        return service.make(
            self.session,
            street=street,
            by=self.actor,
            ring=self.ring,
            now=self.now,
            zone=LOCAL_ZONE,
            number_at=self.number_at,
        )


def packer(db: Db, actor: Who, now: Now, ring: Seals, press: Printer) -> Packer:
    """Give what makes packs for this request."""
    return Packer(db, actor, now, ring, press.number_at)


Packs = Annotated[Packer, Depends(packer)]
