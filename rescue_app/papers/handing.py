"""Verbs of cards in people's hands: handed out, corrected; and the ledger is asked to say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit
from hazards.points import service as points
from rescue_app.papers import notes, rules, service, telling
from rescue_app.papers.models import CardHanded
from rescue_app.papers.rules import REACH_M, Mark


def hand_out(
    session: Session,
    *,
    point_id: UUID,
    marks: Sequence[Mark],
    handed_on: date,
    by: Actor,
    now: datetime,
    reach_m: int = REACH_M,
) -> UUID | None:
    """Note cards handed out, each id once; gives the case that asks the ledger to say so, if any.

    It is applied for once everybody known here has a card, and the ledger does not say so yet.
    """
    point = points.visible(session, point_id)
    require(by, Act.EDIT_POINT, point.area_path)
    if not marks:
        raise Rejected("Nobody was chosen. Tick who got a card.")
    rules.checked_day(handed_on, today=day_of(now))
    here = service.round_of(session, point, reach_m=reach_m)
    if not {one.whose for one in marks}.issubset(here.known):
        raise Missing("One of those chosen is not at this point any more. Load the page again.")
    printed = notes.printed(session, point_id, by_day=handed_on)
    rows = [
        {"id": one.id, "point_id": point.id, "area_path": point.area_path, **one.whose._asdict(),
         "handed_on": handed_on, "by_id": by.id, "by_name": by.name, "received_at": now,
         **printed.get(one.whose, {})}
        for one in marks
    ]  # fmt: skip
    new = notes.keep(session, CardHanded, rows)
    audit.record(session, act="cards.handed_out", subject=point.id, area_path=point.area_path,
                 count=new)  # fmt: skip
    return telling.tell(session, here, reach_m=reach_m, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a note should have said; its id is made by whoever sends it."""

    id: UUID
    note_id: UUID
    handed_on: date | None
    reason: str


def correct(
    session: Session,
    said: Correction,
    *,
    point_id: UUID,
    by: Actor,
    now: datetime,
    reach_m: int = REACH_M,
) -> UUID | None:
    """Put a note right: another day, or none: it was not handed out. What it said stays.

    Gives the case that asks the ledger to follow, if any.
    """
    point = points.visible(session, point_id)
    require(by, Act.EDIT_POINT, point.area_path)
    why = rules.checked_reason(said.reason)
    if said.handed_on is not None:
        rules.checked_day(said.handed_on, today=day_of(now))
    here = service.round_of(session, point, reach_m=reach_m)
    wrong = next((one for one in here.noted if one.id == said.note_id), None)
    if wrong is None:
        raise Missing("There is no such note at this point. Load the page again.")
    if any(one.id == said.id for one in here.noted):
        return None
    if wrong not in rules.in_force(here.noted):
        raise Conflict("Somebody has corrected this already. Load the page again.")
    whose = notes.whose_of(wrong)
    day = said.handed_on
    printed = notes.printed(session, point_id, by_day=day) if day else {}
    row = {"id": said.id, "point_id": point.id, "area_path": point.area_path, **whose._asdict(),
           "handed_on": day, "by_id": by.id, "by_name": by.name, "received_at": now,
           "corrects": said.note_id, "reason": why, **printed.get(whose, {})}  # fmt: skip
    if not notes.keep(session, CardHanded, [row]):
        raise Conflict("Somebody has corrected this already. Load the page again.")
    audit.record(session, act="cards.corrected", subject=point.id, area_path=point.area_path,
                 note=str(said.note_id))  # fmt: skip
    return telling.tell(session, here, reach_m=reach_m, by=by, now=now, reason=why)
