"""Tables of tasks: what is due, what was answered, and who was given what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import (
    CheckConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape
from hazards.tasks.rules import OWED, State

OWED_ONLY = text("state IN ('open', 'begun')")
assert set(OWED) == {State.OPEN, State.BEGUN}  # noqa: S101 - the text above says the same


class Task(Base):
    """One list at one point or asset for one turn of its rhythm, or in the life of a warning.

    A quarter of a million are made in one go, so there is no foreign key to the subject: neither
    points nor assets are ever deleted, and the check row by row cost more than all the rest.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("subject_id", "template_code", "period"),
        Index("ix_task_owed", "area_path", "due_at", postgresql_where=OWED_ONLY),
        Index(
            "ix_task_due_at",
            "due_at",
            "id",
            postgresql_include=["subject_id", "area_path"],
            postgresql_where=OWED_ONLY,
        ),
        Index(
            "ix_task_owed_account_id",
            "account_id",
            postgresql_where=text("state IN ('open', 'begun') AND account_id IS NOT NULL"),
        ),
        Index(
            "ix_task_uncalled",
            "due_at",
            postgresql_where=text("state IN ('open', 'begun') AND call_ref IS NULL"),
        ),
        Index("ix_task_done", "area_path", "done_at", postgresql_where=text("state = 'done'")),
        Index("ix_task_done_at", "done_at", "id", postgresql_where=text("state = 'done'")),
        Index("ix_task_cancelled", "area_path", postgresql_where=text("state = 'cancelled'")),
        Index("ix_task_alert_id", "alert_id", postgresql_where=text("alert_id IS NOT NULL")),
        Index("ix_task_call_ref", "call_ref", postgresql_where=text("call_ref IS NOT NULL")),
        CheckConstraint("state IN ('open', 'begun', 'done', 'cancelled')", name="state"),
        CheckConstraint("(state = 'cancelled') = (cancelled_why IS NOT NULL)", name="cancelled"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    subject_id: Mapped[UUID]
    template_code: Mapped[str]
    template_version: Mapped[int]
    period: Mapped[str]
    area_path: Mapped[str] = mapped_column(Text(collation="C"))
    mode: Mapped[str]
    role: Mapped[str]
    account_id: Mapped[UUID | None]
    person: Mapped[str]
    person_phone: Mapped[str] = mapped_column(server_default="")
    from_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="open")
    begun_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None]
    done_by: Mapped[str | None]
    answer_id: Mapped[UUID | None]
    filled: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    worst_grade: Mapped[int | None] = mapped_column(SmallInteger)
    cancelled_at: Mapped[datetime | None]
    cancelled_why: Mapped[str | None]
    call_ref: Mapped[UUID | None]
    alert_id: Mapped[UUID | None]
    synthetic: Mapped[bool]


class TaskAnswer(Record):
    """What one person said at a point, once and for ever; its id is made on the phone."""

    __tablename__ = "task_answer"
    __table_args__ = (
        Index("ix_task_answer_point_id_done_at", "point_id", "done_at"),
        Index("ix_task_answer_task_id", "task_id"),
        Index(
            "ix_task_answer_bad",
            "area_path",
            "done_at",
            postgresql_where=text("worst_grade IS NOT NULL"),
        ),
    )

    task_id: Mapped[UUID]
    point_id: Mapped[UUID]
    area_path: Mapped[AreaPath]
    template_code: Mapped[str]
    template_version: Mapped[int]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    outcome: Mapped[str]
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    note: Mapped[str]
    worst_grade: Mapped[int | None] = mapped_column(SmallInteger)
    stop: Mapped[bool]
    late: Mapped[str | None]
    done_at: Mapped[datetime]
    received_at: Mapped[datetime]
    clock_off_s: Mapped[int]
    place: Mapped[Point | None] = mapped_column(Shape("POINT", index=False))
    accuracy_m: Mapped[float | None]
    distance_m: Mapped[float | None]
    far: Mapped[bool]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)


class TaskRound(Base):
    """Up to when the lists of a district are made, and which; so that nothing is made twice."""

    __tablename__ = "task_round"

    area_path: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    digest: Mapped[str]
    made_at: Mapped[datetime]


class TaskAssignment(Record):
    """Somebody gave tasks to somebody: which, and whose they were, so that it can be undone."""

    __tablename__ = "task_assignment"

    area_path: Mapped[AreaPath]
    account_id: Mapped[UUID | None]
    person: Mapped[str]
    moved: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    undone_at: Mapped[datetime | None]
