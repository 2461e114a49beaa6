"""One row per list that somebody brings in: the file, what it holds, how far it is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Record


class LedgerImport(Record):
    """A file on its way into a ledger, which `kind` names.

    `said` is the mapping, `found` what the trial showed.
    """

    __tablename__ = "ledger_import"

    kind: Mapped[str]
    area_path: Mapped[AreaPath]
    owner_id: Mapped[UUID] = mapped_column(index=True)
    owner_name: Mapped[str]
    file_id: Mapped[UUID]
    file_name: Mapped[str]
    state: Mapped[str]
    looked: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    columns_key: Mapped[str] = mapped_column(default="", index=True)
    said: Mapped[dict[str, Any] | None]
    counts: Mapped[dict[str, Any] | None]
    found: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    problem: Mapped[dict[str, Any] | None]
    refused_file_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    job_id: Mapped[UUID | None]
    changed_at: Mapped[datetime]
