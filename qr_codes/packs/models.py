"""Table of the keys that sign packs."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import Base


class PackKey(Base):
    """A secret that signs packs. Only the program itself may read it; the newest one signs."""

    __tablename__ = "pack_key"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
