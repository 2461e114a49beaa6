"""Susceptibility: ground brought in, the classes of maps, and proposals of what is possible.

Revision ID: 0179
Revises: 0167
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from rescue_app.migrations.security import guard

revision = "0179"
down_revision = "0167"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
EVIDENCE = "ck_evidence_proposal_evidence"


def upgrade() -> None:
    ground()
    zones()
    op.drop_constraint(EVIDENCE, "evidence_proposal", type_="check")
    allow("evidence IN ('historical', 'high_frequency', 'possible')")


def ground() -> None:
    op.create_table(
        "ground_layer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("about", postgresql.JSONB(), nullable=False),
        sa.Column(
            "extent",
            geoalchemy2.Geometry("POLYGON", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column("lines", geoalchemy2.Geometry("MULTILINESTRING", srid=4326, spatial_index=False)),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('elevation', 'rain', 'fault', 'river', 'road')", name="ck_ground_layer_kind"
        ),
        sa.CheckConstraint(
            "(kind IN ('elevation', 'rain')) = (lines IS NULL)", name="ck_ground_layer_lines"
        ),
    )
    op.create_index("idx_ground_layer_extent", "ground_layer", ["extent"], postgresql_using="gist")
    # What the city brought in serves its districts: heights and faults are no secret of an area.
    guard("ground_layer", read="true")


def zones() -> None:
    op.create_table(
        "susceptibility_zone",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column(
            "search_id", sa.Uuid(), sa.ForeignKey("evidence_search.id"), nullable=False, index=True
        ),
        sa.Column("area_path", sa.Text(collation="C"), nullable=False, index=True),
        sa.Column("class", sa.Integer(), nullable=False),
        sa.Column(
            "shape", geoalchemy2.Geometry("POLYGON", srid=4326, spatial_index=False), nullable=False
        ),
        sa.CheckConstraint("class BETWEEN 1 AND 5", name="ck_susceptibility_zone_class"),
    )
    op.create_index(
        "idx_susceptibility_zone_shape", "susceptibility_zone", ["shape"], postgresql_using="gist"
    )
    guard("susceptibility_zone")


def allow(kinds: str) -> None:
    op.create_check_constraint(EVIDENCE, "evidence_proposal", kinds)


def downgrade() -> None:
    op.execute("DELETE FROM evidence_proposal WHERE evidence = 'possible'")
    op.drop_constraint(EVIDENCE, "evidence_proposal", type_="check")
    allow("evidence IN ('historical', 'high_frequency')")
    op.drop_table("susceptibility_zone")
    op.drop_table("ground_layer")
