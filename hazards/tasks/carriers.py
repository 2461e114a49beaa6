"""Who gets a point's lists where nobody of the list's role is there: the responsibility list says.

Worked out once per place and kind of point, so that a district of any size stays one statement.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, TextClause
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from hazards.calls.program import as_program
from hazards.duty.owners import Owners
from hazards.duty.responsibility import Owner, Person, above
from hazards.tasks import statements

Held = Collection[tuple[str, str]]
"""Roles and the areas in which somebody has them."""


def stand_ins(
    session: Session,
    asked: dict[str, Any],
    roles: Collection[str],
    *,
    at: datetime,
    kinds: TextClause = statements.KINDS,
) -> str:
    """Give who gets a list, by its role, the place and the kind of thing; as JSON."""
    with as_program(session):  # a switch by a district's commander asks the city's list too
        there = session.execute(kinds, asked).all()
        held = roles_held(session, asked["low"], asked["high"]) if there else ()
        found = _rows(there, roles, held, Owners(session, day_of(at)))
        return json.dumps(list(found), default=str)


def roles_held(session: Session, low: str, high: str) -> Held:
    """Give which roles somebody has in a range of areas, and above it."""
    found = session.execute(statements.HELD, {"low": low, "high": high})
    return {(role, path) for role, path in found}


def is_held(held: Held, role: str, area_path: str) -> bool:
    """Tell whether somebody of a role is there for a place: in its area or one above."""
    return any((role, path) in held for path in above(area_path))


def named(owner: Owner) -> Person | None:
    """Give who owns it now by a line of the list; where none speaks of it, nobody."""
    return owner.acting if owner.line else None


def _rows(
    kinds: Iterable[Row[str, str, str]], roles: Collection[str], held: Held, owners: Owners
) -> Iterator[dict[str, Any]]:
    for category, hazard_type, path in kinds:
        missing = [role for role in roles if not is_held(held, role, path)]
        if not missing:
            continue
        who = named(owners.of_point(hazard_type=hazard_type, category=category, area_path=path))
        if who is not None:
            said = {"category": category, "hazard_type": hazard_type, "path": path,
                    "account_id": who.account_id, "person": who.name,
                    "phone": who.phone}  # fmt: skip
            yield from (said | {"role": role} for role in missing)
