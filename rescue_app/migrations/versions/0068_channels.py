"""Gateways, their outbox and what they tell; Web Push; how each person is reached.

Revision ID: 0068
Revises: 0059
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard

revision = "0068"
down_revision = "0059"
branch_labels = None
depends_on = None

STAFF = "is_system() OR scope_role() <> 'resident'"
MANAGES = """is_system() OR (scope_role() IN ('city_commander', 'district_commander')
    AND in_scope(area_path))"""
OWN = "is_system() OR account_id = scope_actor()"
PROGRAM = "is_system()"
TIMES = ("widen", "accepted", "delivered", "seen", "answered", "asked_why", "failed")


def text(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def texts(name: str) -> sa.Column[Any]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=False)


def ids(name: str) -> sa.Column[Any]:
    return sa.Column(name, postgresql.ARRAY(sa.Uuid()), nullable=False)


def moment(name: str, *, null: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def path() -> sa.Column[Any]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)


def born() -> sa.Column[Any]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
    )


def number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def link(name: str, to: str, *, gone: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(to, ondelete=gone), **more)


def upgrade() -> None:
    make_gateways()
    make_push()
    op.create_table(
        "reach",
        link("account_id", "account.id", gone="CASCADE", primary_key=True),
        path(), texts("ways"), text("language"),
        sa.Column("quiet_from", sa.Time()), sa.Column("quiet_to", sa.Time()), text("quiet_for"),
    )  # fmt: skip
    make_delivery()
    guard("gateway", read=STAFF, write=MANAGES)
    guard("gateway_secret", read=PROGRAM, write=PROGRAM)
    guard("gateway_event", read=MANAGES, write=PROGRAM)
    guard("push_subscription", read=OWN, write=OWN)
    guard("push_key", read=PROGRAM, write=PROGRAM)
    guard("reach", read=OWN, write=OWN)
    guard("delivery", read=PROGRAM, write=PROGRAM)


def make_gateways() -> None:
    op.create_table(
        "gateway",
        sa.Column("id", sa.Uuid(), primary_key=True), born(), path(),
        *(text(name) for name in ("name", "kind", "address", "made_by_name")),
        sa.Column("needs_phone", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        number("failures"), moment("failing_since"), moment("rests_until"), moment("last_ok_at"),
        text("last_why", ""),
    )  # fmt: skip
    op.create_table(
        "gateway_secret",
        link("gateway_id", "gateway.id", gone="CASCADE", primary_key=True), path(),
        text("url"), text("key_id"), sa.Column("key", sa.LargeBinary(), nullable=False),
    )  # fmt: skip
    op.create_table(
        "gateway_event",
        link("gateway_id", "gateway.id", gone="CASCADE", primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True), path(), moment("received_at", null=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("delivery_id", sa.Uuid()),
        *(text(name) for name in ("kind", "phone", "said", "outcome", "detail", "reply")),
    )  # fmt: skip
    op.create_index("ix_gateway_event_received_at", "gateway_event", ["received_at"])


def make_push() -> None:
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Uuid(), primary_key=True), born(), path(),
        link("account_id", "account.id", gone="CASCADE", nullable=False, index=True),
        sa.Column(
            "sign_in", sa.LargeBinary(), sa.ForeignKey("sign_in.token_hash", ondelete="CASCADE"),
            nullable=False, index=True,
        ),
        text("endpoint"), text("p256dh"), text("auth"), text("agent"),
        sa.UniqueConstraint("endpoint", name="uq_push_subscription_endpoint"),
    )  # fmt: skip
    op.create_table(
        "push_key",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False), moment("made_at", null=False),
    )  # fmt: skip


def make_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), primary_key=True), path(),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        link("gateway_id", "gateway.id", gone="SET NULL"),
        link("subscription_id", "push_subscription.id", gone="SET NULL", index=True),
        sa.Column("person_id", sa.Uuid(), nullable=False), sa.Column("account_id", sa.Uuid()),
        *(text(n) for n in ("way", "channel", "name", "phone", "language", "urgency")),
        sa.Column("number", sa.Integer(), nullable=False),
        ids("call_ids"), ids("rung_ids"), texts("texts_zh"), texts("texts_en"),
        moment("queued_at", null=False), moment("next_try_at"), number("tries"),
        *(moment(f"{n}_at") for n in TIMES), text("failed_why", ""),
        sa.UniqueConstraint("message_id", "way", name="uq_delivery_message_id_way"),
    )  # fmt: skip
    for name in ("next_try_at", "widen_at"):
        waits = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_delivery_{name}", "delivery", [name], postgresql_where=waits)
    op.create_index("ix_delivery_phone_queued_at", "delivery", ["phone", "queued_at"])
    op.create_index("ix_delivery_gateway_id_queued_at", "delivery", ["gateway_id", "queued_at"])


def downgrade() -> None:
    for table in (
        "delivery", "reach", "push_key", "push_subscription", "gateway_event", "gateway_secret",
        "gateway",
    ):  # fmt: skip
        op.drop_table(table)
