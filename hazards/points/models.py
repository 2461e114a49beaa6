"""Tables of the ledger: the entries as they are now, and every state they were in before."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from shapely import MultiPolygon, Point
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape
from hazards.points.rules import (
    Category,
    Evidence,
    Grade,
    GradeOrigin,
    Ground,
    Monitoring,
    Scale,
    State,
    WorksStage,
)

ONE_OF = "{} IN ({})"


def one_of(column: str, words: type) -> CheckConstraint:
    """Hold that a column has one of an enumeration's words."""
    listed = ", ".join(f"'{word}'" for word in words)  # type: ignore[attr-defined]  # a StrEnum
    return CheckConstraint(ONE_OF.format(column, listed), name=column)


class HazardType(Base):
    """A kind of hazard; a city adds its own as data (`data/hazard_types.yaml`)."""

    __tablename__ = "hazard_type"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    family: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    active: Mapped[bool]


class Entry:
    """What an entry of the ledger says; the same columns now and in its history."""

    category: Mapped[str]
    evidence: Mapped[str]
    hazard_type: Mapped[str]
    grade: Mapped[str]
    grade_origin: Mapped[str]
    grade_reason: Mapped[str | None]
    number: Mapped[str]
    source: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    threatened_persons: Mapped[int | None]
    threatened_households: Mapped[int | None]
    threatened_frail: Mapped[int | None]
    threatened_property_10k_yuan: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    owner_name: Mapped[str]
    owner_phone: Mapped[str]
    owner_unit: Mapped[str]
    owner_post: Mapped[str] = mapped_column(server_default="")
    monitoring_name: Mapped[str] = mapped_column(server_default="")
    monitoring_post: Mapped[str] = mapped_column(server_default="")
    monitoring_phone: Mapped[str] = mapped_column(server_default="")
    monitors: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default="[]")
    monitoring_method: Mapped[str | None]
    warning_means: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    plan_exists: Mapped[bool | None]
    cards_given: Mapped[bool | None]
    drilled_on: Mapped[date | None]
    found_on: Mapped[date | None]
    direction: Mapped[str] = mapped_column(server_default="")
    volume_m3: Mapped[Decimal | None] = mapped_column(Numeric(14, 1))
    scale: Mapped[str | None]
    trigger: Mapped[str] = mapped_column(server_default="")
    works: Mapped[str] = mapped_column(server_default="")
    works_stage: Mapped[str | None]
    file_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    place: Mapped[Point] = mapped_column(Shape("POINT"))
    extent: Mapped[MultiPolygon | None] = mapped_column(Shape("MULTIPOLYGON"))
    area_path: Mapped[AreaPath]
    state: Mapped[str]
    delisted_ground: Mapped[str | None]
    synthetic: Mapped[bool]
    version: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_by: Mapped[UUID]
    changed_by_name: Mapped[str]


def entry_checks() -> tuple[CheckConstraint, ...]:
    """Give what must hold for an entry wherever it stands: on the ledger or in a draft."""
    return (
        one_of("category", Category),
        one_of("evidence", Evidence),
        one_of("grade", Grade),
        one_of("grade_origin", GradeOrigin),
        one_of("state", State),
        one_of("delisted_ground", Ground),
        one_of("scale", Scale),
        one_of("monitoring_method", Monitoring),
        one_of("works_stage", WorksStage),
        CheckConstraint("volume_m3 >= 0", name="volume"),
        CheckConstraint("(grade_origin = 'by_hand') = (grade_reason IS NOT NULL)", name="reason"),
        CheckConstraint("(state = 'delisted') = (delisted_ground IS NOT NULL)", name="ground"),
        CheckConstraint("threatened_persons >= 0", name="persons"),
        CheckConstraint("threatened_households >= 0", name="households"),
        CheckConstraint(
            "threatened_frail BETWEEN 0 AND coalesce(threatened_persons, 0)", name="frail"
        ),
        CheckConstraint("threatened_property_10k_yuan >= 0", name="property"),
    )


SHOWN_BY = ("state", "area_path")
"""What decides whether an entry is shown stands in the index of an order, beside it."""
LIES_AT = "place"
"""Beside the first order of all: the map's box is looked through without the rows."""


class HazardPoint(Entry, Record):
    """One entry of the ledger as it is now."""

    __tablename__ = "hazard_point"
    # Points of an area are counted, by kind too, out of the index of areas alone.
    __table_args__ = (
        Index("ix_hazard_point_area_path_kind", "area_path", "state", "hazard_type", "category"),
        Index("uq_hazard_point_source_number", "source", "number", unique=True),
        Index("ix_hazard_point_by_grade", "grade", "id", postgresql_include=(*SHOWN_BY, LIES_AT)),
        *(
            Index(f"ix_hazard_point_by_{name}", name, "id", postgresql_include=SHOWN_BY)
            for name in ("changed_at", "name")
        ),
        Index("ix_hazard_point_synthetic", "id", postgresql_where=text("synthetic")),
        *entry_checks(),
    )

    area_path: Mapped[str] = mapped_column(Text(collation="C"))


class HazardPointVersion(Entry, Base):
    """A state that was replaced, written by a trigger so that no way around it exists.

    The entry's present state is in `hazard_point` alone: an import of new rows costs no
    second copy. Both together are the history, each true from `changed_at` to the next.
    """

    __tablename__ = "hazard_point_version"
    # Both ends of a state's time: the index alone tells which were true at a moment.
    __table_args__ = (
        Index("ix_hazard_point_version_replaced_at_changed_at", "replaced_at", "changed_at"),
    )

    point_id: Mapped[UUID] = mapped_column(ForeignKey("hazard_point.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    replaced_at: Mapped[datetime] = mapped_column(server_default=func.now())


RESTING = Table("resting_index", Base.metadata, Column("definition", Text, primary_key=True))
"""What a first load makes after its rows; empty for everybody else (0210_first_load, 0303)."""
