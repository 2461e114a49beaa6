"""What the order page shows: the tree, the changes, what came up from the sites."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.base import new_id
from rescue_app.dispatch import reading, targets
from rescue_app.dispatch.board import Board, board
from rescue_app.dispatch.members.team import Team, team
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.offering import Proposed, open_offers
from rescue_app.dispatch.rules import GONE
from rescue_app.incidents import repository as incidents
from rescue_app.proposals import repository as proposals
from rescue_app.site import reading as sites
from rescue_app.site.repository import places


def facts(
    db: Session, actor: Actor, order_id: UUID, *, find: str, crew: UUID | None
) -> dict[str, Any]:
    """Read an order as its page needs it; `crew` is the hop whose people are looked at."""
    shown = board(db, actor, order_id)
    incident_id = shown.order.incident_id
    held = next((line for line in shown.lines if line.is_mine), None)
    mine = held.hop if held else None
    choices: list[targets.Choice] = []
    others: list[targets.Choice] = []
    if mine is not None and mine.state not in reading.ENDED:
        words = find.strip()
        choices = targets.choices(db, inside=mine.area_path, level=mine.level, words=words)
        others = targets.beside(db, mine)
    return {
        "board": shown,
        "places": places(db, order_id),
        "sites": sites.of_order(db, order_id, hop_ids=[line.hop.id for line in shown.lines]),
        "order": shown.order,
        "batch": proposals.batch_of(db, order_id),
        "mine": mine,
        "owes": held.owes if held else (),
        "choices": choices,
        "others": others,
        "given": given_by(shown, mine),
        "incident": incidents.visible(db, incident_id) if incident_id else None,
        "find": find,
        "team": _team(db, actor, shown, crew),
        "new_id": new_id,
    }


def _team(db: Session, actor: Actor, shown: Board, crew: UUID | None) -> Team | None:
    """Give a crew's people to who gives them their parts."""
    line = next((one for one in shown.lines if one.hop.id == crew), None)
    if line is None or not line.may_give:
        return None
    return team(db, line.hop, shown.members.of(line.hop.id), by=actor)


def offered(db: Session, actor: Actor) -> list[tuple[reading.InboxLine, Proposed]]:
    """Give the proposals that wait for this centre's word, each with its hop and order."""
    lines = reading.offered(db, actor.area_path)
    said = open_offers(db, [line.hop for line in lines])
    return [(line, said[line.hop.id]) for line in lines if line.hop.id in said]


def given_by(shown: Board, mine: Assignment | None) -> set[str]:
    """Tell who has the order from this hop already, as the form names them."""
    below = [line.hop for line in shown.lines if mine and line.hop.parent_id == mine.id]
    held = [hop for hop in below if hop.state not in GONE]
    return {f"crew:{hop.crew_id}" if hop.crew_id else f"unit:{hop.unit_id}" for hop in held}
