"""Chooses the ways to each person and lays his messages into the outbox of each.

The live page rings at once; whatever leaves the house is a row that the worker sends later,
outside this transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from gis.authority import within
from hazards.calls.channels import Channel, LivePage, Parcel, Person
from hazards.calls.rules import Urgency
from rescue_app.channels import keypad, repository
from rescue_app.channels.models import Delivery, Gateway, PushSubscription, Reach
from rescue_app.channels.rules import (
    PATIENCE,
    PUSH,
    Quiet,
    QuietFor,
    first_wave,
    in_order,
    number_after,
    sounds_at,
)

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Way:
    """One way out for one person: a gateway, or a device of his."""

    key: str
    name: str
    gateway: Gateway | None = None
    device: PushSubscription | None = None


@dataclass(frozen=True, slots=True)
class Outbox:
    """A way as calls know it: it takes a message, and never says that it holds it already."""

    way: Way
    number: int
    language: str
    sounds_at: datetime
    widens: bool

    @property
    def name(self) -> str:
        """Name it as the log keeps it."""
        return self.way.name

    def send(self, session: Session, parcel: Parcel, *, now: datetime) -> bool:
        """Lay the message into the outbox."""
        session.add(row(self, parcel, now))
        return False


class EveryWay:
    """The ways of an installation with gateways and devices."""

    def of(
        self, session: Session, parcels: Sequence[Parcel], *, now: datetime
    ) -> Mapping[UUID, Sequence[Channel]]:
        """Read how the people of these messages are reached, and choose."""
        known = Known.read(session, [parcel.person for parcel in parcels])
        numbers = repository.last_numbers(session, {parcel.person.id for parcel in parcels})
        chosen: dict[UUID, Sequence[Channel]] = {}
        for parcel in parcels:
            who = parcel.person
            numbers[who.id] = number_after(numbers.get(who.id))
            ways = known.outboxes(parcel, numbers[who.id], now)
            chosen[parcel.id] = [*((LivePage(),) if who.account_id else ()), *ways]
        return chosen


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of some people, read at once."""

    gateways: Sequence[Gateway]
    reaches: Mapping[UUID, Reach]
    devices: Mapping[UUID, Sequence[PushSubscription]]

    @classmethod
    def read(cls, session: Session, people: Sequence[Person]) -> "Known":
        """Read in three queries, however many people."""
        accounts = {who.account_id for who in people if who.account_id}
        return cls(
            repository.gateways(session),
            repository.reaches(session, accounts),
            repository.devices(session, accounts),
        )

    def outboxes(
        self, parcel: Parcel, number: int, now: datetime, *, used: Sequence[str] | None = None
    ) -> list[Outbox]:
        """Give the ways to take now: the first ones, or after those that were used the next."""
        who, urgency = parcel.person, Urgency(parcel.urgency)
        reach = self.reaches.get(who.account_id) if who.account_id else None
        ways = self.ways(who)
        order = in_order(reach.ways if reach else (), list(dict.fromkeys(w.key for w in ways)))
        left = [key for key in order if key not in (used or ())]
        taken = first_wave(left, urgency)
        at = sounds_at(quiet_hours(reach), urgency, now, ZONE)
        language = reach.language if reach else "zh"
        more = len(left) > len(taken)
        return [
            Outbox(way, number, language, at, more)
            for key in taken
            for way in ways
            if way.key == key
        ]

    def ways(self, who: Person) -> list[Way]:
        """Every way that there is to a person; his devices first."""
        mine = self.devices.get(who.account_id, ()) if who.account_id else ()
        phones = [
            gateway
            for gateway in self.gateways
            if within(who.area_path, gateway.area_path)
            and (keypad.phone(who.phone) or not gateway.needs_phone)
        ]
        return [Way(PUSH, PUSH, device=device) for device in mine] + [
            Way(str(gateway.id), gateway.name, gateway) for gateway in phones
        ]


def quiet_hours(reach: Reach | None) -> Quiet | None:
    """Give a person's quiet hours, if he has any."""
    if reach is None or reach.quiet_from is None or reach.quiet_to is None:
        return None
    return Quiet(reach.quiet_from, reach.quiet_to, QuietFor(reach.quiet_for))


def row(out: Outbox, parcel: Parcel, now: datetime) -> Delivery:
    """Write a message as a row of the outbox."""
    who, way = parcel.person, out.way
    return Delivery(
        message_id=parcel.id,
        way=f"{PUSH}:{way.device.id}" if way.device else way.key,
        channel=way.name,
        gateway_id=way.gateway.id if way.gateway else None,
        subscription_id=way.device.id if way.device else None,
        person_id=who.id,
        account_id=who.account_id,
        name=who.name,
        phone=keypad.phone(who.phone),
        number=out.number,
        call_ids=list(parcel.call_ids),
        rung_ids=list(parcel.rung_ids),
        texts_zh=list(parcel.texts_zh),
        texts_en=list(parcel.texts_en),
        language=out.language,
        urgency=parcel.urgency,
        area_path=who.area_path,
        queued_at=now,
        next_try_at=out.sounds_at,
        widen_at=out.sounds_at + PATIENCE if out.widens else None,
    )


def parcel_of(delivery: Delivery) -> Parcel:
    """Give a message back as calls made it, to send it by another way."""
    return Parcel(
        delivery.message_id,
        Person(
            delivery.person_id,
            delivery.name,
            delivery.phone,
            delivery.account_id,
            delivery.area_path,
        ),
        delivery.call_ids,
        delivery.rung_ids,
        delivery.texts_zh,
        delivery.texts_en,
        delivery.urgency,
    )
