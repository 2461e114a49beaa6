"""SQL of kept views; row-level security decides which of them a reader has."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.errors import Missing
from rescue_app.views.models import SavedView


def listed(session: Session, *, reader: UUID) -> Sequence[SavedView]:
    """Give the reader's own views and those shared with him, his own first, by name."""
    own_first = SavedView.owner_id != reader
    return session.scalars(select(SavedView).order_by(own_first, SavedView.name)).all()


def find(session: Session, view_id: UUID) -> SavedView | None:
    """Give one view the reader may see."""
    return session.scalar(select(SavedView).where(SavedView.id == view_id))


def visible(session: Session, view_id: UUID) -> SavedView:
    """Give a view, or say that there is none for this reader."""
    view = find(session, view_id)
    if view is None:
        raise Missing("This view is gone. Choose another one.")
    return view


def put(session: Session, view: dict[str, object]) -> SavedView | None:
    """Keep a new view; nothing, where somebody else's has the id."""
    fresh = insert(SavedView).values(**view).on_conflict_do_nothing().returning(SavedView)
    return session.scalar(fresh)


def count(session: Session, *, owner: UUID) -> int:
    """Count what one person keeps."""
    query = select(func.count()).select_from(SavedView).where(SavedView.owner_id == owner)
    return session.scalar(query) or 0
