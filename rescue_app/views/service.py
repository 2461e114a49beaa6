"""Keep a view, share it, let it go."""

from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, Forbidden, Rejected
from gis.store import audit
from rescue_app.views import repository, rules
from rescue_app.views.models import SavedView


def keep(
    session: Session, *, view_id: UUID, name: str, address: str, shared: bool, by: Actor
) -> tuple[SavedView, bool]:
    """Keep a view; the same id again is the same view with what is said now."""
    name, address = rules.named(name), rules.checked(address)
    known = repository.find(session, view_id)
    if known is not None:
        of_owner(known, by)
        known.name, known.address, known.shared = name, address, shared
        return known, False
    if repository.count(session, owner=by.id) >= rules.MOST_VIEWS:
        raise Rejected(
            "You keep {most} views already. Remove one you no longer need.", most=rules.MOST_VIEWS
        )
    said = {"id": view_id, "name": name, "address": address, "shared": shared}
    whose = {"owner_id": by.id, "owner_name": by.name, "area_path": by.area_path}
    made = repository.put(session, said | whose)
    if made is None:
        raise Conflict("Another view has this id. Save it again.")
    audit.record(session, act="view.keep", subject=view_id, area_path=by.area_path, shared=shared)
    return made, True


def remove(session: Session, *, view_id: UUID, by: Actor) -> None:
    """Let a view go; kept again under its id it is back."""
    known = repository.visible(session, view_id)
    of_owner(known, by)
    session.delete(known)
    audit.record(session, act="view.remove", subject=view_id, area_path=known.area_path)


def of_owner(view: SavedView, by: Actor) -> None:
    """Leave a shared view to the person who made it."""
    if view.owner_id != by.id:
        raise Forbidden(
            "{name} made this view. Save it under a name of your own.", name=view.owner_name
        )
