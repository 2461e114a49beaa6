"""Whose eyes a transaction looks through; row-level security reads it in every query.

Without a scope no row is visible: `SET LOCAL` ends with the transaction, so that a pooled
connection never carries one person's sight to the next.
"""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.authority import Actor, Role

NO_ONE = UUID(int=0)
PROGRAM = Actor(NO_ONE, "系统 · system", Role.SYSTEM, "/")
"""Who acts when the platform's own clock does."""

ENTER = text(
    "SELECT set_config('yitong.area_path', :area_path, true),"
    " set_config('yitong.role', :role, true), set_config('yitong.actor', :actor, true)"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The area (and all below it), the role and the account that a transaction acts for."""

    area_path: str
    role: Role
    actor_id: UUID = NO_ONE

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """Give the scope of a signed-in person."""
        return cls(actor.area_path, actor.role, actor.id)


SYSTEM = Scope("/", Role.SYSTEM)
RESIDENT = Scope("", Role.RESIDENT)
NOBODY = Scope("", Role.OBSERVER)


def enter(session: Session, scope: Scope) -> None:
    """Look through this scope until the transaction ends or another is entered."""
    session.execute(
        ENTER,
        {"area_path": scope.area_path, "role": scope.role, "actor": str(scope.actor_id)},
    )
