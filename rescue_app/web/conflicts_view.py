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
    """Give each question that either version answers, and whether they differ."""
    items = {item.code: item for item in first.checklist.items} if first else {}
    items |= {item.code: item for item in second.checklist.items}
    found = []
    for code, item in items.items():
        was, came = first.said(code) if first else None, second.said(code)
        if was or came:
            found.append(Line(item, differs=first is not None and was != came))
    return found
