"""Take ground away that somebody brought in, and bring it back while it is still kept."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.store import audit, files
from hazards.susceptibility import repository
from hazards.susceptibility.models import GroundLayer

KEPT_FOR = timedelta(days=30)
"""So long what was removed can be brought back; then its file or its lines go, its row stays."""


def remove(session: Session, layer_id: UUID, *, by: Actor, now: datetime) -> GroundLayer:
    """Let no further map use it; what was drawn with it stays, and names it. Twice is once."""
    layer = held(session, layer_id, by)
    if layer.removed_at is None:
        layer.removed_at, layer.removed_by_name = now, by.name
        noted(session, layer, "ground.removed")
    return layer


def bring_back(session: Session, layer_id: UUID, *, by: Actor, now: datetime) -> GroundLayer:
    """Let maps use it again."""
    layer = held(session, layer_id, by)
    if layer.removed_at is not None:
        if not is_kept(layer, now=now):
            raise Conflict(
                "What was removed is kept for {days} days, and those are over. Bring its file in"
                " anew.",
                days=KEPT_FOR.days,
            )
        layer.removed_at = layer.removed_by_name = None
        noted(session, layer, "ground.brought_back")
    return layer


def held(session: Session, layer_id: UUID, by: Actor) -> GroundLayer:
    """Give a layer to whoever may change it, as it stands when everybody before is done."""
    layer = repository.layer(session, layer_id)
    require(by, Act.EDIT_POINT, layer.area_path)
    session.refresh(layer, ["removed_at", "removed_by_name"], with_for_update=True)
    return layer


def is_kept(layer: GroundLayer, *, now: datetime) -> bool:
    """Tell whether what was removed can still be brought back."""
    return layer.removed_at is not None and now - layer.removed_at < KEPT_FOR


def forget_removed(session: Session, *, now: datetime) -> int:
    """Let go of the files and lines of what was removed long ago."""
    old = repository.removed_before(session, now - KEPT_FOR)
    kept = files.attached(session, repository.FILE_KIND, [layer.id for layer in old])
    for layer in old:
        layer.lines = None
        for file in kept[layer.id]:
            files.forget(session, file)
    return len(old)


def noted(session: Session, layer: GroundLayer, act: str) -> None:
    """Write it into the log."""
    facts = {"kind": layer.kind, "name": layer.name, "digest": layer.digest}
    audit.record(session, act=act, subject=layer.id, area_path=layer.area_path, **facts)
