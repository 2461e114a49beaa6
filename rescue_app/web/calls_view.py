"""What the page of one's own calls shows: cards, so many at a time, and whom each is about."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.calls import bundling, own, reading
from hazards.calls.bundling import Bundle
from hazards.calls.rules import LadderState
from rescue_app.dispatch import changes_repository, repository
from rescue_app.dispatch.models import Assignment

NEWS = timedelta(hours=24)
"""How long a call that is answered or over stays in the lists."""
CARDS = 30
NAMED = 6
"""So many of a card's matters are named on it; the others stand one by one behind a link."""


def mine(
    session: Session, actor: Actor, now: datetime, *, of: UUID | None, number: int
) -> dict[str, Any]:
    """Give a page of cards, most pressing first; `of` takes one of them apart."""
    calls = own.mine(session, actor.id, since=now - NEWS, now=now)
    cards = bundling.bundles(calls)
    if of is not None:
        cards = bundling.of(cards, of)
    shown = cards[(number - 1) * CARDS : number * CARDS]
    later = [each for card in cards[number * CARDS :] for each in card.calls]
    return {
        "cards": shown,
        "owed": sum(each.owed for each in calls),
        "drills": sum(each.owed and each.call.is_drill for each in calls),
        "later": len(later),
        "later_owed": sum(each.owed for each in later),
        "number": number,
        "of": of,
        "named": NAMED,
        "hops": _hops(session, shown),
        "now": now,
    }


def board(
    session: Session, now: datetime, *, state: LadderState | None, drills: bool, number: int
) -> dict[str, Any]:
    """Give a page of the desk's ladders, and how many there are in all."""
    asked: dict[str, Any] = {"since": now - NEWS, "drills": drills}
    counts = reading.counts(session, **asked)
    total = counts[state] if state else sum(counts.values())
    pages = max(1, -(-total // reading.LIST_LIMIT))
    number = min(number, pages)
    return {
        "state": state,
        "drills": drills,
        "counts": counts,
        "total": total,
        "lines": reading.board(session, state=state, page=number, **asked),
        "number": number,
        "pages": pages,
        "played": reading.drills_waiting(session),
    }


def _hops(session: Session, cards: Sequence[Bundle]) -> dict[UUID, Assignment]:
    """Give by matter the unit or crew it is about, also where it is about a change."""
    refs = {each.call.ref for card in cards for each in card.calls[:NAMED]}
    notices = changes_repository.notices(session, refs)
    about = {ref: notice.assignment_id for ref, notice in notices.items()}
    found = repository.hops(session, {*refs, *about.values()})
    return {ref: found[hop] for ref in refs if (hop := about.get(ref, ref)) in found}
