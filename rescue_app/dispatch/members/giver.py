"""Who gives the members of a crew their parts, and may speak for them."""

from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, Role, may, within
from gis.errors import Conflict
from hazards.calls.program import as_program
from rescue_app.dispatch import repository as orders
from rescue_app.dispatch.members import repository
from rescue_app.dispatch.models import Assignment


def sees(by: Actor, hop: Assignment) -> bool:
    """Tell, by the same rule as the policies, whether a part of this hop is there for somebody."""
    lent = hop.lent_path is not None and within(hop.lent_path, by.area_path)
    return lent or within(hop.area_path, by.area_path)


def may_give(session: Session, hop: Assignment, by: Actor) -> bool:
    """Tell whether this person gives members of a crew their parts and speaks for them."""
    if hop.crew_id is None:
        return False
    commands = may(by, Act.ISSUE_ORDER, hop.command_path) and within(hop.giver_path, by.area_path)
    return commands or leads(session, hop.crew_id, by)


def orders_now(session: Session, hop: Assignment, by: Actor, *, hold: bool = False) -> bool:
    """Tell whether who may give parts here has the crew still, or it was lent or came home since.

    What it has in hand it keeps, and he may take it back; more he does not give it.
    """
    if by.role is Role.CREW or hop.crew_id is None:
        return True
    with as_program(session):
        return repository.lent_to(session, hop.crew_id, hold=hold) == hop.lent_path


def require_orders(session: Session, hop: Assignment, by: Actor) -> None:
    """Refuse new work for a crew that works for somebody else by now."""
    if not orders_now(session, hop, by, hold=True):
        raise Conflict(
            "{name} works for somebody else now. You may take its parts back, not change them.",
            name=hop.name,
        )


def leads(session: Session, crew_id: UUID, by: Actor) -> bool:
    """Tell whether this person leads a crew; where no leader signs in, each of its seats does."""
    if by.role is not Role.CREW:
        return False
    signed = {one.account_id for one in repository.leaders(session, crew_id) if one.account_id}
    return by.id in signed or (not signed and bool(orders.seats(session, [by.id], [crew_id])))
