"""One row per job: who asked for what, how far it is, where its result lies."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from gis.authority import Role
from gis.store.base import AreaPath, Record
from gis.store.scope import Scope


class Job(Record):
    """A job as people see it. The queue itself holds only this row's id: nothing personal."""

    __tablename__ = "job_progress"

    kind: Mapped[str]
    area_path: Mapped[AreaPath]
    owner_id: Mapped[UUID] = mapped_column(index=True)
    owner_role: Mapped[str]
    args: Mapped[dict[str, Any]]
    state: Mapped[str]
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int | None] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(default="")
    message_values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result_ref: Mapped[str | None]
    queue_id: Mapped[int | None] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    def scope(self) -> Scope:
        """Give the eyes the job looks through: those of whoever asked for it."""
        return Scope(self.area_path, Role(self.owner_role), self.owner_id)
