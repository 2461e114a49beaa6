"""What the order page shows: the tree, the changes, what came up from the sites."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Actor
from gis.store.base import new_id
from hazards.duty import abilities
from rescue_app.dispatch import at_hand, changes_repository, reading, targets
from rescue_app.dispatch.board import Board, Line, board
from rescue_app.dispatch.members.team import Team, team
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.offering import Proposed, open_offers
from rescue_app.dispatch.rules import GONE, UNANSWERED, StepKind
from rescue_app.incidents import repository as incidents
from rescue_app.proposals import repository as proposals
from rescue_app.site import reading as sites
from rescue_app.site.repository import places

HOPS_SHOWN = 150


def facts(
    db: Session, actor: Actor, order_id: UUID, *, find: str, crew: UUID | None, page: int = 1
) -> dict[str, Any]:
    """Read an order as its page needs it; `crew` is the hop whose people are looked at."""
    shown = board(db, actor, order_id)
    incident_id = shown.order.incident_id
    held = own_line(shown.lines)
    mine = held.hop if held else None
    choices: list[targets.Choice] = []
    others: list[targets.Choice] = []
    near: list[at_hand.Near] = []
    if mine is not None and mine.state not in reading.ENDED:
        words = find.strip()
        choices = targets.choices(db, inside=mine.area_path, level=mine.level, words=words)
        others = at_hand.beside(db, mine)
        near = [] if words else _near(db, shown.order, mine)
        listed = {one.choice.value for one in near} | {f"unit:{mine.unit_id}"}
        choices = [one for one in choices if one.value not in listed]
    return {
        "board": shown,
        "places": places(db, order_id),
        "sites": sites.of_order(db, order_id, hop_ids=[line.hop.id for line in shown.lines]),
        "order": shown.order,
        **tree_page(shown.lines, page),
        "abilities": abilities.listed(db) if shown.order.crew_needs else (),
        "unheard": changes_repository.unheard(db, order_id),
        "batch": proposals.batch_of(db, order_id),
        "mine": mine,
        "owes": held.owes if held else (),
        "choices": choices,
        "near": near,
        "others": others,
        "given": given_by(shown),
        "incident": incidents.visible(db, incident_id) if incident_id else None,
        "find": find,
        "team": _team(db, actor, shown, crew),
        "new_id": new_id,
    }


def tree_page(lines: Sequence[Line], page: int) -> dict[str, Any]:
    """Give a page of the tree; where it takes several, what needs eyes comes first."""
    pages = max(1, -(-len(lines) // HOPS_SHOWN))
    page = min(page, pages)
    if pages > 1:
        lines = sorted(lines, key=_attention)
    first = (page - 1) * HOPS_SHOWN
    tree = lines[first : first + HOPS_SHOWN]
    return {"tree": tree, "tree_at": page, "tree_pages": pages, "unseen": len(lines) - len(tree)}


def _attention(line: Line) -> int:
    if line.hop.state in UNANSWERED or line.owes or line.offer:
        return 0
    if line.hop.state == StepKind.CANNOT:
        return 1
    return 3 if line.hop.state in reading.ENDED else 2


def own_line(lines: Sequence[Line]) -> Line | None:
    """Give the hop for which the reader answers; of several the first that waits for his word."""
    own = [line for line in lines if line.is_mine]
    settled = [not line.owes and line.hop.state not in UNANSWERED for line in own]
    return min(zip(settled, own, strict=True), key=lambda one: one[0], default=(True, None))[1]


def _near(db: Session, order: Order, mine: Assignment) -> list[at_hand.Near]:
    """Give who is near the order's place and can do what it needs."""
    if order.place is None:
        return []
    day, needs = day_of(order.issued_at), order.crew_needs
    return at_hand.near(
        db, order.place, inside=mine.area_path, day=day, needs=needs, own=mine.unit_id
    )


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


def given_by(shown: Board) -> set[str]:
    """Tell who has the order already, from whomever, as the form names them."""
    held = [line.hop for line in shown.lines if line.hop.state not in GONE]
    return {f"crew:{hop.crew_id}" if hop.crew_id else f"unit:{hop.unit_id}" for hop in held}
