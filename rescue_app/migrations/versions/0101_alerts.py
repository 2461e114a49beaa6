"""Alerts: proposed by one, approved by another, seen where they hold, and by everyone in public.

Revision ID: 0101
Revises: 0099
"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import APP_ROLE, guard, guard_reference

revision = "0101"
down_revision = "0099"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Whoever lies in or above one of the areas that an alert touches sees it.
TOUCHED = """EXISTS (SELECT FROM unnest(reach) AS touched WHERE in_scope(touched)
    OR starts_with(nullif(current_setting('yitong.area_path', true), ''), touched))"""
COMMANDS = (
    "(is_system() OR scope_role() = 'planner' OR scope_role() LIKE '%commander')"
    " AND in_scope(area_path)"
)
WITH_ALERT = "in_scope(area_path) OR EXISTS (SELECT FROM alert a WHERE a.id = alert_id)"
# The one rule of what lies inside: whole areas by their path, drawn ones by their shape.
HOLDS_AT = """
CREATE FUNCTION alert_holds_at(areas text[], drawn geometry, path text, place geometry)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM unnest(areas) AS whole WHERE starts_with(path, whole))
        OR (drawn IS NOT NULL AND place && drawn AND ST_Intersects(drawn, place))
$$
"""
# What anyone may read of an alert: never a draft, and nobody's name. A drill is for those at work.
PUBLIC = """
CREATE FUNCTION public_alerts(at timestamptz, drills boolean DEFAULT false) RETURNS TABLE (
    id uuid, colour text, hazard_type text, area_path text, area_paths text[], drawn geometry,
    extent geometry, where_zh text, where_en text, onset_at timestamptz, expires_at timestamptz,
    headline_zh text, headline_en text, instruction_zh text, instruction_en text, why text,
    issuer_zh text, issuer_en text, issued_at timestamptz, is_drill boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT id, colour, hazard_type, area_path, area_paths, drawn, extent, where_zh, where_en,
        onset_at, expires_at, headline_zh, headline_en, instruction_zh, instruction_en, why,
        issuer_zh, issuer_en, issued_at, is_drill
    FROM alert WHERE state = 'issued' AND expires_at > at AND (drills OR NOT is_drill)
$$
"""
CHANGED = """state, onset_at, issued_by, issued_by_name, issuer_zh, issuer_en, issued_at, ended_at,
    ended_by_name, ended_why"""


def text(name: str, *, blank: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="" if blank else None)


def moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=null)


def shape(name: str) -> sa.Column[Any]:
    return sa.Column(name, geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False))


def path() -> sa.Column[Any]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)


def upgrade() -> None:
    op.create_table(
        "alert_colour",
        sa.Column("colour", sa.Text(), primary_key=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        *(text(f"{name}_{lang}") for name in ("name", "instruction") for lang in ("zh", "en")),
    )
    guard_reference("alert_colour")
    make_alert()
    make_indexes()
    op.execute(HOLDS_AT)
    guard("alert", read=TOUCHED, insert=COMMANDS, append_only=True)
    # What was proposed is what is approved: only what becomes of it changes.
    op.execute(
        f"CREATE POLICY alert_update ON alert FOR UPDATE USING ({COMMANDS}) WITH CHECK ({COMMANDS})"
    )
    op.execute(f"GRANT UPDATE ({CHANGED}) ON alert TO {APP_ROLE}")
    make_step()
    op.execute(PUBLIC)


def make_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("follows_id", sa.Uuid(), sa.ForeignKey("alert.id")),
        sa.Column("colour", sa.Text(), sa.ForeignKey("alert_colour.colour"), nullable=False),
        sa.Column("hazard_type", sa.Text(), sa.ForeignKey("hazard_type.code"), nullable=False),
        path(),
        sa.Column("area_paths", sa.ARRAY(sa.Text()), nullable=False),
        shape("drawn"),
        shape("extent"),
        sa.Column("reach", sa.ARRAY(sa.Text()), nullable=False),
        *(text(name) for name in ("where_zh", "where_en")),
        moment("expires_at"),
        *(text(f"{name}_{lang}") for name in ("headline", "instruction") for lang in ("zh", "en")),
        *(text(name) for name in ("why", "source")),
        sa.Column("source_ref", sa.Text()),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("is_drill", "synthetic")),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        text("proposed_by_name"),
        moment("proposed_at"),
        text("state"),
        moment("onset_at", null=True),
        sa.Column("issued_by", sa.Uuid()),
        *(text(name, blank=True) for name in ("issued_by_name", "issuer_zh", "issuer_en")),
        moment("issued_at", null=True),
        moment("ended_at", null=True),
        *(text(name, blank=True) for name in ("ended_by_name", "ended_why")),
        sa.CheckConstraint("area_paths <> '{}' OR drawn IS NOT NULL", name="somewhere"),
        sa.CheckConstraint("source <> 'hand' OR issued_by <> proposed_by", name="two_people"),
        sa.CheckConstraint("follows_id <> id", name="another"),
    )


def make_indexes() -> None:
    open_ones = sa.text("state IN ('draft', 'issued')")
    op.create_index("ix_alert_expires_at", "alert", ["expires_at"], postgresql_where=open_ones)
    once = {
        "uq_alert_follows_id": (["follows_id"], "issued_at IS NOT NULL"),
        "uq_alert_source_ref": (["source", "source_ref"], "source_ref IS NOT NULL"),
    }
    for name, (columns, where) in once.items():
        op.create_index(name, "alert", columns, unique=True, postgresql_where=sa.text(where))


def make_step() -> None:
    op.create_table(
        "alert_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("alert_id", sa.Uuid(), sa.ForeignKey("alert.id"), nullable=False, index=True),
        path(),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        text("kind"),
        moment("at"),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        *(text(name) for name in ("by_name", "note")),
    )
    guard("alert_step", read=WITH_ALERT, insert=COMMANDS, append_only=True)


def downgrade() -> None:
    op.execute("DROP FUNCTION public_alerts(timestamptz, boolean)")
    for table in ("alert_step", "alert", "alert_colour"):
        op.drop_table(table)
    op.execute("DROP FUNCTION alert_holds_at(text[], geometry, text, geometry)")
