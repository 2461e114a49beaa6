"""What cameras see: kinds, what was seen, and the events that told of it.

Revision ID: 0139
Revises: 0145
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

from rescue_app.migrations.security import guard, guard_reference

revision = "0139"
down_revision = "0145"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def record() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
    )


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def moments(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, MOMENT, nullable=False) for name in names]


def path() -> sa.Column[str]:
    return sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True)


def place() -> sa.Column[object]:
    point = geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False)
    return sa.Column("place", point, nullable=False)


def upgrade() -> None:
    kinds()
    sightings()
    events()


def kinds() -> None:
    op.create_table(
        "sighting_kind",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        *texts("name_zh", "name_en", "hazard", "colour"),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        *(
            sa.Column(name, sa.Float(), nullable=False)
            for name in ("confidence", "near_m", "apart_m", "apart_min")
        ),
    )
    guard_reference("sighting_kind")


def sightings() -> None:
    op.create_table(
        "sighting",
        *record(),
        sa.Column("kind", sa.Text(), sa.ForeignKey("sighting_kind.code"), nullable=False),
        path(),
        place(),
        *texts("camera", "outcome"),
        *moments("first_at", "last_at"),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Uuid()),
        sa.Column("alert_id", sa.Uuid()),
    )
    op.create_index("idx_sighting_place", "sighting", ["place"], postgresql_using="gist")
    op.create_index("ix_sighting_kind", "sighting", ["kind", "last_at"])
    guard("sighting", write="is_system()")


def events() -> None:
    op.create_table(
        "sighting_event",
        *record(),
        sa.Column("sighting_id", sa.Uuid(), sa.ForeignKey("sighting.id", ondelete="CASCADE"),
                  nullable=False, index=True),
        path(),
        *texts("source", "ref", "words"),
        *moments("at", "received_at"),
        place(),
        sa.Column("confidence", sa.Float(), nullable=False),
    )  # fmt: skip
    op.create_index(
        "uq_sighting_event_source_ref", "sighting_event", ["source", "ref"], unique=True
    )
    guard("sighting_event", write="is_system()")


def downgrade() -> None:
    for table in ("sighting_event", "sighting", "sighting_kind"):
        op.drop_table(table)
