"""Ways to a person. Each says only what it knows: that it took the message, never more.

The live page is one of them. Gateways (SMS, WeCom, a loudspeaker) stand beside it with the same
two verbs and tell by receipts what became of a message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from gis.store.notify import announce


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a message is for, with what a channel may need of him."""

    id: UUID
    name: str
    phone: str
    account_id: UUID | None
    area_path: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message: its id is the key by which a gateway tells a repeat from a second message."""

    id: UUID
    person: Person
    call_ids: Sequence[UUID]
    texts_zh: Sequence[str]
    texts_en: Sequence[str]
    urgency: str


class Channel(Protocol):
    """A way to people."""

    @property
    def name(self) -> str:
        """Name it as the log keeps it."""
        ...

    def reaches(self, person: Person) -> bool:
        """Tell whether there is a way to this person at all."""
        ...

    def send(self, session: Session, parcel: Parcel, *, now: datetime) -> bool:
        """Hand a message over; true once the channel holds it (accepted, not delivered)."""
        ...


class LivePage:
    """The person's own page: rung through the live log, which keeps it for a page that is away."""

    name = "page"

    def reaches(self, person: Person) -> bool:
        """Reach whoever can sign in."""
        return person.account_id is not None

    def send(self, session: Session, parcel: Parcel, *, now: datetime) -> bool:  # noqa: ARG002 - the interface's clock
        """Ring the person's pages at the commit."""
        person = parcel.person
        announce(
            session,
            topic="call",
            kind="rings",
            ref=person.account_id,
            area_path=person.area_path,
        )
        return True
