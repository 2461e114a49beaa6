"""Warnings of others in CAP: sources and their keys, what each sent, what was refused.

Revision ID: 0131
Revises: 0144
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard, guard_reference

revision = "0131"
down_revision = "0144"
branch_labels = None
depends_on = None

# Whoever lies below a source's area may bring its messages in; whoever sees a warning, where from.
SEEN = """in_scope(area_path)
    OR starts_with(nullif(current_setting('yitong.area_path', true), ''), area_path)"""
OF_ALERT = "in_scope(area_path) OR EXISTS (SELECT FROM alert a WHERE a.id = ANY (alert_ids))"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def flags(*names: str) -> list[sa.Column[bool]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def path() -> sa.Column[str]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)


def record() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
    ]


def hazard() -> sa.Column[str]:
    return sa.Column("hazard_type", sa.Text(), sa.ForeignKey("hazard_type.code"), nullable=False)


def of_source(*, key: bool = False) -> sa.Column[Any]:
    gone = "CASCADE" if key else None
    return sa.Column(
        "source_id", sa.Uuid(), sa.ForeignKey("cap_source.id", ondelete=gone),
        primary_key=key, nullable=False, index=not key,
    )  # fmt: skip


def facts(name: str) -> sa.Column[Any]:
    return sa.Column(name, postgresql.JSONB(), server_default="{}", nullable=False)


def upgrade() -> None:
    op.create_table(
        "cap_word",
        sa.Column("word", sa.Text(), primary_key=True),
        hazard(),
        sa.Column("position", sa.SmallInteger(), nullable=False),
    )
    guard_reference("cap_word")
    make_sources()
    make_messages()


def make_sources() -> None:
    op.create_table(
        "cap_source",
        *record(),
        *texts("name"),
        path(),
        sa.Column("senders", sa.ARRAY(sa.Text()), nullable=False),
        hazard(),
        *flags("at_once", "needs_signature"),
        *texts("certificates", "feed_url"),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        *flags("active"),
        *texts("made_by_name"),
        sa.Column("etag", sa.Text(), server_default="", nullable=False),
        *(sa.Column(name, MOMENT) for name in ("asked_at", "heard_at")),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        facts("trouble_facts"),
        sa.Column("minute", MOMENT),
        sa.Column("in_minute", sa.Integer(), server_default="0", nullable=False),
    )
    guard("cap_source", read=SEEN)
    op.create_table(
        "cap_key",
        of_source(key=True),
        path(),
        sa.Column("digest", sa.LargeBinary(), nullable=False, unique=True),
    )
    guard("cap_key", read="is_system()", write="is_system()")


def make_messages() -> None:
    op.create_table(
        "cap_message",
        *record(),
        of_source(),
        path(),
        *texts("identifier", "sender"),
        sa.Column("sent", MOMENT, nullable=False),
        *texts("kind", "status", "note"),
        sa.Column("came_at", MOMENT, nullable=False),
        *texts("way", "by_name", "entry", "signed_by"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        *texts("outcome"),
        sa.Column("alert_ids", sa.ARRAY(sa.Uuid()), nullable=False),
    )
    name = ["identifier", "sender", "sent"]
    op.create_index("uq_cap_message_identifier", "cap_message", name, unique=True)
    guard("cap_message", read=OF_ALERT, write="is_system()")
    op.create_table(
        "cap_refusal",
        sa.Column("id", sa.Uuid(), primary_key=True),
        of_source(),
        path(),
        sa.Column("at", MOMENT, nullable=False),
        *texts("way", "by_name", "entry", "about", "said"),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
    )
    guard("cap_refusal", insert="is_system()", append_only=True)


def downgrade() -> None:
    for table in ("cap_refusal", "cap_message", "cap_key", "cap_source", "cap_word"):
        op.drop_table(table)
