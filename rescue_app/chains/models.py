"""Tables of chains: the editions of the chain table, and the chains that were kept."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base


class ChainEdition(Base):
    """One file of chains as it came in, word for word; the one `in_force` is followed."""

    __tablename__ = "chain_edition"
    __table_args__ = (
        Index(
            "uq_chain_edition_in_force", "in_force", unique=True, postgresql_where=text("in_force")
        ),
    )

    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    day: Mapped[date]
    digest: Mapped[str]
    said: Mapped[str]
    shipped: Mapped[bool]
    in_force: Mapped[bool]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


class KeptChain(Base):
    """A chain as it was worked out; what changes later does not change it. Only added."""

    __tablename__ = "kept_chain"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_path: Mapped[AreaPath]
    point_id: Mapped[UUID | None] = mapped_column(index=True)
    incident_id: Mapped[UUID | None] = mapped_column(index=True)
    alert_id: Mapped[UUID | None] = mapped_column(index=True)
    edition: Mapped[int] = mapped_column(ForeignKey("chain_edition.edition"))
    title: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    made_by_name: Mapped[str]
