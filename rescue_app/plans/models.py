"""Table of plans: a version is a whole plan, and only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import Base


class PlanVersion(Base):
    """One plan as it was published; of each kind one is in force."""

    __tablename__ = "plan_version"
    __table_args__ = (
        Index(
            "uq_plan_version_in_force",
            "plan_type",
            unique=True,
            postgresql_where=text("in_force"),
        ),
    )

    plan_type: Mapped[str] = mapped_column(ForeignKey("plan_type.code"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]
    shipped: Mapped[bool]
    in_force: Mapped[bool]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
