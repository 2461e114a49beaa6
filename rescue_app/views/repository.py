"""SQL of kept views; row-level security decides which of them a reader has."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rescue_app.views.models import SavedView


def listed(session: Session, *, reader: UUID) -> Sequence[SavedView]:
    """Give the reader's own views and those shared with him, his own first, by name."""
    own_first = SavedView.owner_id != reader
    return session.scalars(select(SavedView).order_by(own_first, SavedView.name)).all()


def find(session: Session, view_id: UUID) -> SavedView | None:
    """Give one view the reader may see."""
    return session.scalar(select(SavedView).where(SavedView.id == view_id))


def count(session: Session, *, owner: UUID) -> int:
    """Count what one person keeps."""
    query = select(func.count()).select_from(SavedView).where(SavedView.owner_id == owner)
    return session.scalar(query) or 0
