"""A crew's people as who gives them parts sees them: who has what, and who has nothing yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.duty import people
from hazards.duty.models import Member
from rescue_app.dispatch.members import giver
from rescue_app.dispatch.members.reading import MemberLine
from rescue_app.dispatch.members.rules import ENDED
from rescue_app.dispatch.models import Assignment


@dataclass(frozen=True, slots=True)
class Team:
    """Members with parts, and the others, who could get one."""

    hop: Assignment
    lines: Sequence[MemberLine]
    free: Sequence[Member]
    orders: bool
    """Whether the reader may give parts and change them; else he may take back, and enter words."""


def team(session: Session, hop: Assignment, lines: Sequence[MemberLine], *, by: Actor) -> Team:
    """Read a crew's people; who gives the parts has none to give himself."""
    busy = {line.part.member_id for line in lines if line.part.state not in ENDED}
    orders = giver.orders_now(session, hop, by)
    crews = [hop.crew_id] if hop.crew_id and orders else []
    seated = [one for seats in people.seated(session, crews).values() for one in seats]
    free = [one for one in seated if one.id not in busy and one.account_id != by.id]
    return Team(hop, lines, free, orders)
