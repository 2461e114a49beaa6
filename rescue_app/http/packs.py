"""The ring that signs packs, as a request reads it: a key rotated elsewhere holds at once."""

import os
from typing import Annotated

from fastapi import Depends

from gis.store.scope import SYSTEM, Scope, enter
from qr_codes.packs import keys
from qr_codes.packs.sealing import SECRET_BYTES, SealRing
from rescue_app.http.dependencies import Db, Now, Who


def seal_ring(db: Db, actor: Who, now: Now) -> SealRing:
    """Read the keys through the program's eyes, then look through the person's again."""
    enter(db, SYSTEM)
    keys.ensure(db, secret=os.urandom(SECRET_BYTES), now=now)
    ring = keys.read(db, now=now)
    enter(db, Scope.of(actor))
    return ring


Seals = Annotated[SealRing, Depends(seal_ring)]
