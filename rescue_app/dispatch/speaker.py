"""Whose word an answer to a call is: also of people of the roster who never signed in."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from hazards.calls import repository
from hazards.calls.program import as_program
from hazards.calls.rules import RungKind
from rescue_app.auth import repository as accounts

OWN = frozenset({RungKind.FIRST, RungKind.DEPUTY})
"""Rungs of a hop's own people: all others stand above it."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose word it is; `phone` where he has no account: the program writes his line."""

    who: Actor
    phone: str | None = None


def speaker(session: Session, call_id: UUID, person_id: UUID) -> Speaker | None:
    """Give whose word it is; without an account one of the hop's own, as he was called."""
    with as_program(session):
        account = accounts.by_id(session, person_id)
        if account is not None:
            return Speaker(account.as_actor())
        called = repository.rungs_of(session, call_id, person_id)
        own = next((rung for rung in called if rung.kind in OWN), None)
        if own is None:
            return None
        return Speaker(Actor(person_id, own.name, Role.OBSERVER, own.area_path), own.phone)
