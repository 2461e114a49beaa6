"""Two versions side by side: what each says to every question, and what was ruled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from gis.store.base import new_id
from hazards.checklists.rules import Item
from hazards.conflicts import repository, rules
from hazards.conflicts.models import VersionConflict
from hazards.conflicts.rules import Kind
from rescue_app.web.versions import Version, version


@dataclass(frozen=True)
class Line:
    """One question with what both versions say to it."""

    item: Item
    differs: bool


def facts(session: Session, conflict: VersionConflict, *, by: Actor) -> dict[str, Any]:
    """Give all that the page of one conflict says."""
    second = version(session, conflict, conflict.second_id, is_second=True)
    first = version(session, conflict, conflict.first_id) if conflict.first_id else None
    ended = conflict.facts.get("at")
    return {
        "conflict": conflict,
        "ended_at": datetime.fromisoformat(ended) if ended else None,
        "first": first,
        "second": second,
        "lines": lines(first, second),
        "choices": rules.choices(Kind(conflict.kind)),
        "rulings": repository.rulings(session, conflict.id),
        "may_rule": may(by, Act.RULE_CONFLICT, conflict.area_path),
        "ruling_id": new_id(),
    }


def lines(first: Version | None, second: Version) -> list[Line]:
    """Give each question that either version answers or shows, and whether they differ."""
    items = {item.code: item for item in first.checklist.items} if first else {}
    items |= {item.code: item for item in second.checklist.items}
    found = []
    for code, item in items.items():
        was, came = said(first, code) if first else None, said(second, code)
        if (was and any(was)) or any(came):
            found.append(Line(item, differs=was is not None and was != came))
    return found


def said(version: Version, code: str) -> tuple[object, ...]:
    """Give what a version says and shows to a question."""
    return version.said(code), *sorted(one.id for one in version.photos_of(code))
