"""What the order page shows: the tree, the changes, what came up from the sites."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shapely import to_geojson
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Actor
from gis.store.base import new_id
from hazards.duty import abilities
from rescue_app.dispatch import at_hand, changes_repository, reading, targets, tree
from rescue_app.dispatch.board import Board, board
from rescue_app.dispatch.drafts import Target
from rescue_app.dispatch.members.team import Team, team
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.offering import Proposed, open_offers
from rescue_app.incidents import repository as incidents
from rescue_app.proposals import repository as proposals
from rescue_app.site import reading as sites
from rescue_app.site.repository import places_of


def facts(
    db: Session, actor: Actor, order_id: UUID, *, find: str, crew: UUID | None, page: int = 1
) -> dict[str, Any]:
    """Read an order as its page needs it; `crew` is the hop whose people are looked at."""
    shown = board(db, actor, order_id, page=page, crew=crew)
    incident_id, held = shown.order.incident_id, shown.mine
    incident = incidents.visible(db, incident_id) if incident_id else None
    mine = held.hop if held else None
    hop_ids = [line.hop.id for line in shown.lines]
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
        "places": places_of(db, hop_ids),
        "sites": sites.of_order(db, order_id, hop_ids=hop_ids),
        "order": shown.order,
        "abilities": abilities.listed(db) if shown.order.crew_needs else (),
        "unheard": changes_repository.unheard(db, order_id),
        "batch": proposals.batch_of(db, order_id),
        "mine": mine,
        "owes": held.owes if held else (),
        "choices": choices,
        "near": near,
        "others": others,
        "given": _given(db, order_id, [*choices, *(one.choice for one in near)]),
        "incident": incident,
        "shape": to_geojson(incident.extent) if incident and incident.extent else "",
        "find": find,
        "team": _team(db, actor, shown),
        "new_id": new_id,
    }


def _near(db: Session, order: Order, mine: Assignment) -> list[at_hand.Near]:
    """Give who is near the order's place and can do what it needs."""
    if order.place is None:
        return []
    day, needs = day_of(order.issued_at), order.crew_needs
    return at_hand.near(
        db, order.place, inside=mine.area_path, day=day, needs=needs, own=mine.unit_id
    )


def _team(db: Session, actor: Actor, shown: Board) -> Team | None:
    """Give a crew's people to who gives them their parts."""
    line = shown.chosen
    if line is None or not line.may_give:
        return None
    return team(db, line.hop, shown.members.of(line.hop.id), by=actor)


def offered(db: Session, actor: Actor) -> list[tuple[reading.InboxLine, Proposed]]:
    """Give the proposals that wait for this centre's word, each with its hop and order."""
    lines = reading.offered(db, actor.area_path)
    said = open_offers(db, [line.hop for line in lines])
    return [(line, said[line.hop.id]) for line in lines if line.hop.id in said]


def _given(db: Session, order_id: UUID, choices: Sequence[targets.Choice]) -> set[str]:
    """Tell who of these has the order already, from whomever."""
    named = [Target.parse(one.value) for one in choices]
    units = [one.id for one in named if one.kind == "unit"]
    crews = [one.id for one in named if one.kind == "crew"]
    return tree.holders(db, order_id, units=units, crews=crews)
