"""What stands on a crew's page: an order of the crew, or one member's part of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Missing
from hazards.duty import repository as duty
from hazards.points import repository as points
from hazards.points.rules import State
from rescue_app.dispatch import at_hand, changes_repository, reading
from rescue_app.dispatch.members import giver
from rescue_app.dispatch.members import reading as parts
from rescue_app.dispatch.members.rules import ENDED
from rescue_app.dispatch.members.team import Team, team
from rescue_app.dispatch.reading import InboxLine
from rescue_app.dispatch.rules import GONE, ON_SITE_LINE, UNANSWERED, StepKind, next_on_site
from rescue_app.loans import service as loans
from rescue_app.site import reading as sites
from rescue_app.site.repository import ticks

# How long an order that ended stays on the crew's page.
NEWS = timedelta(hours=12)
NEARBY_M = 1_000.0
MOST_NEARBY = 8
MOST_LOOKED_AT = 50


def facts(
    db: Session, actor: Actor, *, now: datetime, hop: UUID | None, part: UUID | None
) -> dict[str, Any]:
    """Read of his crew's orders and his own parts the one that waits most, and the others."""
    crews = duty.crews_of(db, actor.id)
    lines = reading.crew_inbox(
        db, [crew.id for crew in crews], by_id=actor.id, ended_since=now - NEWS
    )
    mine = parts.mine(db, actor.id, ended_since=now - NEWS)
    own = _own(db, actor, lines, mine, hop=hop, part=part)
    shown = None if own else next((line for line in lines if hop in {None, line.hop.id}), None)
    if (hop or part) is not None and shown is None and own is None:
        raise Missing("There is no such order in your area.")
    told = {"crews": crews, "lines": lines, "mine": mine, "shown": own or shown, "own": own}
    at = own or shown
    told |= {"loans": loans.working_for(db, crews), "hazards": _hazards(db, at)}
    told["ticks"] = ticks(db, [at.hop.id]).get(at.hop.id, {}) if at and at.order.checklist else {}
    told["sought"] = sites.asked(db, at.hop.id) if at else ()
    told["alarmed"] = changes_repository.alarmed(db, at.order.id) if at else None
    told["unheard"] = sites.unheard(db, at.hop, own.part if own else None) if at else None
    return told | (_of_part(db, own) if own else _of_hop(db, actor, shown))


def waiting(db: Session, actor: Actor, *, now: datetime) -> tuple[int, int]:
    """Count what on his page waits for his word: real, and of drills."""
    crews = [crew.id for crew in duty.crews_of(db, actor.id)]
    lines = reading.crew_inbox(db, crews, by_id=actor.id, ended_since=now - NEWS)
    found = [line.order for line in lines if line.owes or line.hop.state in UNANSWERED]
    mine = parts.mine(db, actor.id, ended_since=now - NEWS)
    found += [one.order for one in mine if one.owes or one.part.state in UNANSWERED]
    drills = sum(order.is_drill for order in found)
    return len(found) - drills, drills


def _hazards(db: Session, at: InboxLine | parts.MyPart | None) -> Sequence[Any]:
    """Give the hazards on record around the order's place, nearest first, each with its metres."""
    if at is None or at.order.place is None:
        return ()
    found = points.near(db, at.order.place, within_m=NEARBY_M, limit=MOST_LOOKED_AT)
    return [row for row in found if row[0].state == State.APPROVED][:MOST_NEARBY]


def _own(
    db: Session,
    actor: Actor,
    lines: Sequence[InboxLine],
    mine: Sequence[parts.MyPart],
    *,
    hop: UUID | None,
    part: UUID | None,
) -> parts.MyPart | None:
    """His own part goes before his crew's order; who leads the crew sees its order first.

    A change of the crew's that he is called about goes before a part that has none.
    """
    if part is not None:
        return next((one for one in mine if one.part.id == part), None)
    over = mine and mine[0].part.state in ENDED and not mine[0].owes
    called = lines and lines[0].owes and not (mine and mine[0].owes)
    if hop is not None or not mine or (lines and over) or called:
        return None
    first = lines[0].hop if lines else None
    if first is not None and first.crew_id and first.state not in ENDED:
        leads = giver.leads(db, first.crew_id, actor)
        return None if leads else mine[0]
    return mine[0]


def _of_part(db: Session, own: parts.MyPart) -> dict[str, Any]:
    state = StepKind(own.part.state)
    owes = parts.owed(db, [own.part.id])[own.part.id]
    told = {"line": ON_SITE_LINE, "following": next_on_site(state), "owes": owes, "team": None}
    return told | {"ended_as": parts.ended_as(db, own.part.id)}


def _of_hop(db: Session, actor: Actor, shown: InboxLine | None) -> dict[str, Any]:
    """Give what the one big button says next, what waits for an answer, and the leader's people."""
    if shown is None:
        return {"line": ON_SITE_LINE, "following": None, "owes": (), "others": (), "team": None}
    hop = shown.hop
    state = StepKind(hop.state)
    silent = state in (*UNANSWERED, StepKind.CANNOT)
    leads = hop.crew_id is not None and giver.leads(db, hop.crew_id, actor)
    return {
        "line": ON_SITE_LINE,
        "following": next_on_site(state),
        "owes": changes_repository.owed_by(db, hop.id, actor.id),
        "others": at_hand.beside(db, hop) if silent else (),
        "declined": reading.last_said(db, [hop.id], StepKind.DECLINED).get(hop.id),
        "ended_as": changes_repository.ended_as(db, hop.id),
        "team": _team(db, actor, shown) if leads and state not in GONE else None,
    }


def _team(db: Session, leader: Actor, shown: InboxLine) -> Team:
    lines = parts.of_hops(db, [shown.hop.id]).of(shown.hop.id)
    return team(db, shown.hop, lines, by=leader)
