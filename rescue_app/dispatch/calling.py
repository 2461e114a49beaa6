"""An order rings: each hop is a call to named people, and answering the one answers the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.calls import hearing
from hazards.calls import service as calls
from hazards.calls.drafts import AnswerDraft, CallDraft
from hazards.calls.hearing import Word
from hazards.calls.program import as_program
from hazards.calls.rules import EventKind
from hazards.calls.rules import Urgency as Loudness
from rescue_app.dispatch import callees
from rescue_app.dispatch.drafts import Holder, StepDraft
from rescue_app.dispatch.models import Assignment, Order
from rescue_app.dispatch.rules import TAKEN_ON, StepKind

TOPIC = "order"
TEXT_LENGTH = 300
MOST_RUNGS = 5


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a hop's log, checked: whose, about what, and when it arrived."""

    hop: Assignment
    step: StepDraft
    by: Actor
    at: datetime


def open_for(
    session: Session,
    order: Order,
    hops: Mapping[UUID, Holder],
    *,
    giver_path: str,
    by: Actor,
    now: datetime,
) -> None:
    """Call the people of every hop; a hop whose people the roster does not know rings nobody."""
    with as_program(session):
        roster = callees.read(session, list(hops.values()), giver_path=giver_path)
    words = f"{order.what} · {order.where}"[:TEXT_LENGTH]
    drafts = [
        CallDraft(
            topic=TOPIC,
            ref=hop_id,
            area_path=holder.area_path,
            opener_path=giver_path,
            opener_name=by.name,
            ladder=ladder,
            text_zh=words,
            text_en=words,
            page=f"/orders/{order.id}",
            urgency=Loudness(order.urgency),
            windows=(order.answer_within_s,) * MOST_RUNGS,
            is_drill=order.is_drill,
            synthetic=order.synthetic,
        )
        for hop_id, holder in hops.items()
        if (ladder := callees.ladder(roster, holder, giver_path=giver_path))
    ]
    calls.open_many(session, drafts, now=now)


def hear(session: Session, said: Sequence[Said]) -> None:
    """Let the calls of hops hear what was said about them; called in the SYSTEM scope."""
    hearing.hear(session, topic=TOPIC, words=[_word(one) for one in said])


def _word(said: Said) -> Word:
    step, hop = said.step, said.hop
    if step.kind in (StepKind.DELIVERED, StepKind.SEEN):
        return Word(hop.id, EventKind(step.kind), said.by, said.at)
    says = EventKind.YES if step.kind in TAKEN_ON else EventKind.CANNOT
    draft = AnswerDraft(says, why=step.note, done_at=step.done_at, id=uuid5(step.id, TOPIC))
    return Word(hop.id, says, said.by, said.at, draft)


def end(
    session: Session, hops: Sequence[Assignment], *, why: str, by: Actor, now: datetime
) -> None:
    """Stop ringing about hops that were taken back."""
    calls.cancel(session, topic=TOPIC, refs=[h.id for h in hops], why=why, by=by, now=now)
