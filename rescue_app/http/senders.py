"""Whose words a phone sends: of two people on one phone none speaks for the other."""

from uuid import UUID

from gis.authority import Actor
from gis.errors import Forbidden


class SomebodyElses(Forbidden):
    """It was said on this phone by somebody else, who is not signed in now."""

    code = "somebody_elses"


def check_sender(said_by: UUID | None, sender: Actor) -> None:
    """Refuse what another account answered: his words are never sent as somebody else's."""
    if said_by not in {None, sender.id}:
        raise SomebodyElses(
            "Somebody else answered this on the phone. It waits there until he signs in again."
        )
