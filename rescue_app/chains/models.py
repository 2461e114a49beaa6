"""Tables of chains: the editions of the chain table, and the chains that were kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base
from hazards.editions import Edition


class ChainEdition(Edition):
    """One file of chains."""

    __tablename__ = "chain_edition"


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
