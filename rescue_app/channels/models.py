"""Tables of gateways, of what went out and came back, and of how each person is reached."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, new_id


class Gateway(Record):
    """A way out to phones for the people of an area; what it needs to be used lies apart."""

    __tablename__ = "gateway"

    name: Mapped[str]
    kind: Mapped[str]
    area_path: Mapped[AreaPath]
    address: Mapped[str]
    needs_phone: Mapped[bool]
    active: Mapped[bool]
    made_by_name: Mapped[str]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    failing_since: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    last_why: Mapped[str] = mapped_column(default="", server_default="")


class GatewaySecret(Base):
    """Where a gateway is and the key it signs with; read by the program alone."""

    __tablename__ = "gateway_secret"

    gateway_id: Mapped[UUID] = mapped_column(
        ForeignKey("gateway.id", ondelete="CASCADE"), primary_key=True
    )
    area_path: Mapped[AreaPath]
    url: Mapped[str]
    key_id: Mapped[str]
    key: Mapped[bytes] = mapped_column(LargeBinary)


class PushSubscription(Record):
    """A device on which somebody allowed messages; it goes with his sign-in there."""

    __tablename__ = "push_subscription"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    area_path: Mapped[AreaPath]
    sign_in: Mapped[bytes] = mapped_column(
        LargeBinary, ForeignKey("sign_in.token_hash", ondelete="CASCADE"), index=True
    )
    endpoint: Mapped[str] = mapped_column(unique=True)
    p256dh: Mapped[str]
    auth: Mapped[str]
    agent: Mapped[str]


class PushKey(Base):
    """The key by which push services know this installation; made once."""

    __tablename__ = "push_key"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


class Reach(Base):
    """How one person wants to be reached: ways in his order, quiet hours, language."""

    __tablename__ = "reach"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    area_path: Mapped[AreaPath]
    ways: Mapped[list[str]] = mapped_column(ARRAY(Text))
    language: Mapped[str]
    quiet_from: Mapped[time | None]
    quiet_to: Mapped[time | None]
    quiet_for: Mapped[str]


class Delivery(Base):
    """One message on one way: an outbox row, and each of its times apart.

    `number` is what the person names when several messages of his wait for an answer.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("message_id", "way"),
        Index(
            "ix_delivery_next_try_at",
            "next_try_at",
            postgresql_where=text("next_try_at IS NOT NULL"),
        ),
        Index("ix_delivery_widen_at", "widen_at", postgresql_where=text("widen_at IS NOT NULL")),
        Index("ix_delivery_phone_queued_at", "phone", "queued_at"),
        Index("ix_delivery_gateway_id_queued_at", "gateway_id", "queued_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[UUID]
    way: Mapped[str]
    channel: Mapped[str]
    gateway_id: Mapped[UUID | None] = mapped_column(ForeignKey("gateway.id", ondelete="SET NULL"))
    subscription_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("push_subscription.id", ondelete="SET NULL"), index=True
    )
    person_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    name: Mapped[str]
    phone: Mapped[str]
    number: Mapped[int]
    call_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    rung_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    texts_zh: Mapped[list[str]] = mapped_column(ARRAY(Text))
    texts_en: Mapped[list[str]] = mapped_column(ARRAY(Text))
    language: Mapped[str]
    urgency: Mapped[str]
    area_path: Mapped[AreaPath]
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    widen_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    asked_why_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failed_why: Mapped[str] = mapped_column(default="", server_default="")


class GatewayEvent(Base):
    """One word of a gateway as it came in, and what became of it; the same id counts once."""

    __tablename__ = "gateway_event"
    __table_args__ = (Index("ix_gateway_event_received_at", "received_at"),)

    gateway_id: Mapped[UUID] = mapped_column(
        ForeignKey("gateway.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    area_path: Mapped[AreaPath]
    received_at: Mapped[datetime]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str]
    delivery_id: Mapped[UUID | None]
    phone: Mapped[str]
    said: Mapped[str]
    outcome: Mapped[str]
    detail: Mapped[str]
    reply: Mapped[str]
