"""Tracks of patrols who want them noted: theirs, seen by their own centre, removed on a day.

Revision ID: 0049
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
MINE = "is_system() OR account_id = scope_actor()"
# The centre that a person works for, and nobody above it: it answers for him, it does not rank him.
SEEN = (
    f"{MINE} OR (scope_role() = 'street_commander' AND in_scope(area_path))"
    " OR (scope_role() = 'district_commander'"
    " AND area_path = current_setting('yitong.area_path', true))"
)
OF_A_TRACK_SEEN = "EXISTS (SELECT FROM patrol_track AS track WHERE track.id = track_id)"
OF_MY_TRACK = (
    "is_system() OR EXISTS (SELECT FROM patrol_track AS track"
    " WHERE track.id = track_id AND track.account_id = scope_actor())"
)


def upgrade() -> None:
    make_tables()
    guard("patrol_track", read=SEEN, write=MINE)
    guard("track_spot", read=OF_A_TRACK_SEEN, write=OF_MY_TRACK)
    guard(
        "track_look",
        read=OF_A_TRACK_SEEN,
        write="is_system()",
        insert=f"by_id = scope_actor() AND {OF_A_TRACK_SEEN}",
    )


def make_tables() -> None:
    op.create_table(
        "patrol_track",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", WHEN, server_default=sa.func.now(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("begun_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN),
        sa.Column("keep_until", WHEN, nullable=False, index=True),
        sa.Column("withdrawn_at", WHEN),
        sa.Column("length_m", sa.Double(), nullable=False),
    )
    op.create_table(
        "track_spot",
        sa.Column("track_id", sa.Uuid(), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("accuracy_m", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["patrol_track.id"], ondelete="CASCADE"),
    )
    op.create_table(
        "track_look",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", WHEN, server_default=sa.func.now(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["patrol_track.id"], ondelete="CASCADE"),
    )


def downgrade() -> None:
    for table in ("track_look", "track_spot", "patrol_track"):
        op.drop_table(table)
