"""Tables of what one tap issued together; never changed afterwards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record


class OrderBatch(Record):
    """One issue: for which incident, district and level, by which plan, by whom, when.

    `area_path` is the incident's (or the district's, where it is larger): who sees the one sees
    the other. `left_out` are the plan's actions that the commander did not issue.
    """

    __tablename__ = "order_batch"

    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    district_path: Mapped[str] = mapped_column(Text(collation="C"))
    area_path: Mapped[AreaPath]
    giver_path: Mapped[str] = mapped_column(Text(collation="C"))
    plan_type: Mapped[str]
    plan_version: Mapped[int | None]
    level: Mapped[str]
    issued_by: Mapped[UUID]
    issuer_name: Mapped[str]
    issued_at: Mapped[datetime]
    fingerprint: Mapped[str]
    left_out: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_drill: Mapped[bool] = mapped_column(default=False)
    synthetic: Mapped[bool] = mapped_column(default=False)


class OrderBatchLine(Base):
    """One order of an issue: which action it is, and what was proposed for it.

    The same action of an incident in a district goes out once, whoever presses.
    """

    __tablename__ = "order_batch_line"
    __table_args__ = (
        UniqueConstraint(
            "incident_id", "district_path", "action", name="uq_order_batch_line_action"
        ),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("dispatch_order.id"), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("order_batch.id"), index=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"))
    district_path: Mapped[str] = mapped_column(Text(collation="C"))
    area_path: Mapped[AreaPath]
    position: Mapped[int]
    action: Mapped[str]
    step: Mapped[str]
    within_min: Mapped[int]
    proposed: Mapped[dict[str, Any]]
