"""The pictures of visits as pages show them: each beside the item that asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from hazards.checklists import repository as checklists
from hazards.checklists.rules import Item
from hazards.photos import repository as photos
from hazards.photos.models import VisitPhoto
from hazards.tasks.models import TaskAnswer
from qr_codes.inspections.models import Inspection


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that has come, and what of the list it shows, if an item asks for it."""

    photo: VisitPhoto
    item: Item | None


def by_visit(
    session: Session, visits: Sequence[Inspection] | Sequence[TaskAnswer]
) -> dict[UUID, list[Picture]]:
    """Give the pictures of some visits to one place."""
    if not visits:
        return {}
    keys = {(one.template_code, one.template_version) for one in visits}
    lists = checklists.of_versions(session, keys, area_path=visits[0].area_path)
    asked = {
        one.id: {item.code: item for item in lists[key].items}
        for one in visits
        if (key := (one.template_code, one.template_version)) in lists
    }
    found: dict[UUID, list[Picture]] = {one.id: [] for one in visits}
    for one in photos.come(session, found):
        if one.is_picture:
            item = asked.get(one.visit_id, {}).get(one.item)
            found[one.visit_id].append(Picture(one, item))
    return found
