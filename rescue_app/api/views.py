"""Kept views of the map over HTTP."""

from typing import Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from gis.authority import Actor
from rescue_app.http.dependencies import Db, Who
from rescue_app.views import repository, service
from rescue_app.views.models import SavedView

router = APIRouter(prefix="/api/v1/views", tags=["views"])


class ViewIn(BaseModel):
    """A view as a page sends it; the sender makes the id."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    name: str
    address: str
    shared: bool = False


class ViewOut(BaseModel):
    """A view as its reader sees it."""

    id: UUID
    name: str
    address: str
    shared: bool
    own: bool
    owner_name: str

    @classmethod
    def of(cls, view: SavedView, reader: Actor) -> Self:
        """Show a view."""
        return cls(
            id=view.id,
            name=view.name,
            address=view.address,
            shared=view.shared,
            own=view.owner_id == reader.id,
            owner_name=view.owner_name,
        )


@router.get("")
def list_views(db: Db, actor: Who) -> list[ViewOut]:
    """List my views and those shared with me."""
    return [ViewOut.of(view, actor) for view in repository.listed(db, reader=actor.id)]


@router.post("", status_code=201)
def keep_view(db: Db, actor: Who, body: ViewIn, response: Response) -> ViewOut:
    """Keep a view; the same id again answers 200 and changes it."""
    said = body.model_dump(exclude={"id"})
    view, is_new = service.keep(db, view_id=body.id, by=actor, **said)
    response.status_code = 201 if is_new else 200
    return ViewOut.of(view, actor)


@router.delete("/{view_id}", status_code=204)
def remove_view(db: Db, actor: Who, view_id: UUID) -> None:
    """Let a view go."""
    service.remove(db, view_id=view_id, by=actor)
