"""Calls: matters, ladders, rungs, their log, and the messages that left.

Revision ID: 0009
Revises: 0008
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WATCHES = "(scope_role() LIKE '%commander' OR scope_role() = 'observer')"
# The centre that called and those above it, and the commanders of the called person's area.
DESK = f"is_system() OR ({WATCHES} AND (in_scope(opener_path) OR in_scope(area_path)))"
RUNG_SEEN = f"{DESK} OR account_id = scope_actor()"
LADDER_SEEN = f"{DESK} OR EXISTS (SELECT FROM call_rung r WHERE r.ladder_id = call_ladder.id)"
CALL_SEEN = f"""is_system() OR ({WATCHES} AND in_scope(opener_path))
    OR EXISTS (SELECT FROM call_rung r WHERE r.call_id = call.id)"""
EVENT_SEEN = f"{DESK} OR person_id = scope_actor()"
# A person speaks for himself; a commander of his area enters his word and says how it came.
SPEAKS = """is_system() OR (
    by_id = scope_actor()
    AND kind IN ('delivered', 'seen', 'yes', 'cannot')
    AND ((person_id = scope_actor() AND taken_by IS NULL)
        OR (taken_by IS NOT NULL AND kind IN ('yes', 'cannot')
            AND scope_role() LIKE '%commander' AND in_scope(area_path)))
    AND EXISTS (SELECT FROM call_rung r WHERE r.call_id = call_event.call_id
        AND r.person_id = call_event.person_id AND r.area_path = call_event.area_path
        AND r.opener_path = call_event.opener_path))"""


def key() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), primary_key=True)


def path(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(collation="C"), nullable=False, index=True)


def text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def moment(name: str, *, null: bool = False, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null, index=index)


def number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def some_id(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=null)


def link(name: str, target: str, *, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(target), nullable=False, index=index)


def upgrade() -> None:
    make_call()
    make_ladder()
    make_rung()
    make_event()
    make_message()
    guard("call_rung", read=RUNG_SEEN, write="is_system()")
    guard("call_ladder", read=LADDER_SEEN, write="is_system()")
    guard("call", read=CALL_SEEN, write="is_system()")
    guard("call_event", read=EVENT_SEEN, insert=SPEAKS, append_only=True)
    guard("call_message", read="is_system()", write="is_system()", append_only=True)


def make_call() -> None:
    op.create_table(
        "call",
        key(),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        text("topic"),
        some_id("ref"),
        path("area_path"),
        path("opener_path"),
        *(text(n) for n in ("opener_name", "text_zh", "text_en", "page", "urgency", "rule")),
        moment("opened_at", index=True),
        moment("over_at", null=True),
        text("over_why"),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("topic", "ref", name="uq_call_topic_ref"),
    )


def make_ladder() -> None:
    op.create_table(
        "call_ladder",
        key(),
        link("call_id", "call.id", index=True),
        number("number"),
        path("area_path"),
        path("opener_path"),
        text("state"),
        number("position"),
        moment("due_at"),
        moment("wakes_at", null=True),
        some_id("outcome_rung_id", null=True),
        text("outcome", null=True),
    )
    op.create_index(
        "ix_call_ladder_wakes_at",
        "call_ladder",
        ["wakes_at"],
        postgresql_where=sa.text("wakes_at IS NOT NULL"),
    )
    op.create_index("ix_call_ladder_state_due_at", "call_ladder", ["state", "due_at"])


def make_rung() -> None:
    op.create_table(
        "call_rung",
        key(),
        link("call_id", "call.id"),
        link("ladder_id", "call_ladder.id"),
        number("position"),
        text("kind"),
        some_id("person_id"),
        some_id("account_id", null=True),
        some_id("member_id", null=True),
        *(text(n) for n in ("name", "post", "phone")),
        path("area_path"),
        path("opener_path"),
        number("window_s"),
        moment("due_at"),
        moment("handed_at", null=True),
        text("channel", null=True),
        *(moment(f"{n}_at", null=True) for n in ("queued", "accepted", "delivered", "seen")),
        moment("answered_at", null=True),
        text("answer", null=True),
        some_id("answer_event_id", null=True),
    )
    index = op.create_index
    index("ix_call_rung_ladder_id_position", "call_rung", ["ladder_id", "position"])
    index("ix_call_rung_call_id_person_id", "call_rung", ["call_id", "person_id"])
    index("ix_call_rung_account_id_queued_at", "call_rung", ["account_id", "queued_at"])
    index(
        "ix_call_rung_queued_at",
        "call_rung",
        ["queued_at"],
        postgresql_where=sa.text("handed_at IS NULL AND queued_at IS NOT NULL"),
    )


def make_event() -> None:
    op.create_table(
        "call_event",
        key(),
        link("call_id", "call.id"),
        some_id("person_id", null=True),
        sa.Column("rung_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        text("kind"),
        some_id("by_id"),
        text("by_name"),
        text("taken_by", null=True),
        text("channel", null=True),
        text("why"),
        text("next_step"),
        moment("next_by", null=True),
        moment("done_at"),
        moment("received_at"),
        path("area_path"),
        path("opener_path"),
    )
    op.create_index("ix_call_event_call_id_person_id", "call_event", ["call_id", "person_id"])


def make_message() -> None:
    op.create_table(
        "call_message",
        key(),
        some_id("person_id"),
        text("channel"),
        moment("sent_at"),
        number("matters"),
        path("area_path"),
    )
    op.create_index("ix_call_message_person_id_sent_at", "call_message", ["person_id", "sent_at"])


def downgrade() -> None:
    for table in ("call_ladder", "call"):
        op.execute(f"DROP POLICY {table}_read ON {table}")
    for table in ("call_message", "call_event", "call_rung", "call_ladder", "call"):
        op.drop_table(table)
