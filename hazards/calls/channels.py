"""Ways to a person. Each says only what it knows: that it took the message, never more.

The live page is one of them. Gateways (SMS, WeCom, a loudspeaker) stand beside it with the same
two verbs and tell by receipts what became of a message.
"""

from collections.abc import Mapping, Sequence
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
    rung_ids: Sequence[UUID]
    texts_zh: Sequence[str]
    texts_en: Sequence[str]
    urgency: str


class Channel(Protocol):
    """A way to people."""

    @property
    def name(self) -> str:
        """Name it as the log keeps it."""
        ...

    def send(self, session: Session, parcel: Parcel, *, now: datetime) -> bool:
        """Hand a message over; true once the channel holds it (accepted, not delivered)."""
        ...


class Ways(Protocol):
    """Knows by which channels people are reached: read for many messages at once."""

    def of(
        self, session: Session, parcels: Sequence[Parcel], *, now: datetime
    ) -> Mapping[UUID, Sequence[Channel]]:
        """Give the channels that each message takes first, the nearest to the person before."""
        ...


class LivePage:
    """The person's own page: rung through the live log, which keeps it for a page that is away."""

    name = "page"

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


class PageAlone:
    """The ways of an installation without gateways: the page of whoever can sign in."""

    def of(
        self,
        session: Session,  # noqa: ARG002 - others ask the database
        parcels: Sequence[Parcel],
        *,
        now: datetime,  # noqa: ARG002 - others look at quiet hours
    ) -> Mapping[UUID, Sequence[Channel]]:
        """Give the page, or nothing."""
        page = (LivePage(),)
        return {each.id: page if each.person.account_id else () for each in parcels}
