"""An order rings: each hop is a call to named people, and answering the one answers the other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.calls import hearing
from hazards.calls import service as calls
from hazards.calls.drafts import AnswerDraft, CallDraft, Step
from hazards.calls.hearing import Word
from hazards.calls.program import as_program
from hazards.calls.rules import Cry, EventKind, Rule, RungKind
from hazards.calls.rules import Urgency as Loudness
from rescue_app.dispatch import callees
from rescue_app.dispatch.changes import LOUD, SAID, ChangeKind
from rescue_app.dispatch.drafts import Holder, StepDraft
from rescue_app.dispatch.models import Assignment, Order, OrderChange
from rescue_app.dispatch.rules import CHANGE_TOPIC, HopKind, StepKind

TOPIC = "order"
TEXT_LENGTH = 300
MOST_RUNGS = 5
Opener = tuple[str, str]
"""The path of the centre that calls, and who does so there."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a hop's log, checked: whose, about what, and when it arrived."""

    hop: Assignment
    step: StepDraft
    by: Actor
    at: datetime
    offer: str | None = None
    phone: str | None = None


def open_for(session: Session, order: Order, hops: Sequence[Assignment]) -> None:
    """Call the people of hops that one centre gave together; their time counts from the giving.

    A hop whose people the roster does not know rings nobody. Called in the SYSTEM scope.
    """
    given = hops[0]
    holders = {hop.id: holder_of(hop) for hop in hops}
    people = callees.read(session, list(holders.values()), giver_path=given.giver_path)
    said = {part: order_words(order, part) for part in {hop.part for hop in hops}}
    opener = given.giver_path, given.giver_name
    drafts = [
        _draft(order, hop.id, hop.area_path, ladder, said[hop.part], opener=opener)
        for hop in hops
        if (ladder := callees.ladder(people, holders[hop.id], giver_path=given.giver_path))
    ]
    calls.open_many(session, drafts, now=given.began_at)


def order_words(order: Order, part: str) -> tuple[str, str]:
    """Say an order in one sentence: a hop with a part of its own hears that first."""
    zh, en = (
        " · ".join(said for said in (part, order.what_in(locale), order.where_in(locale)) if said)
        for locale in ("zh", "en")
    )
    return zh[:TEXT_LENGTH], en[:TEXT_LENGTH]


def open_change(
    session: Session,
    order: Order,
    change: OrderChange,
    notices: Mapping[UUID, Assignment],
    *,
    apart: Collection[UUID] = (),
    by: Actor,
    now: datetime,
) -> None:
    """Call about a change whom it concerns; a recall calls each one of a crew for himself.

    Members with parts of their own (`apart`) are called about those, not a second time here.
    """
    holders = {notice_id: holder_of(hop) for notice_id, hop in notices.items()}
    with as_program(session):
        roster = callees.read(session, list(holders.values()), giver_path=change.area_path)
    recalled = change.kind in LOUD
    said = change_words(ChangeKind(change.kind), change, order)
    drafts = []
    for notice_id, holder in holders.items():
        ladder = callees.ladder(roster, holder, giver_path=change.area_path)
        if ladder and recalled and holder.holder is HopKind.CREW:
            everybody = roster.own(holder)
            others = tuple(who for who in everybody if who.member_id not in apart)
            first = Step(RungKind.FIRST, others or (everybody[0],))
            ladder = (first, *(step for step in ladder if step.kind is RungKind.SUPERIOR))
        if ladder:
            opener = change.area_path, by.name
            draft = _draft(order, notice_id, holder.area_path, ladder, said, opener=opener)
            each = Rule.EACH if recalled and holder.holder is HopKind.CREW else draft.rule
            loud = Loudness.FLASH if recalled else draft.urgency
            drafts.append(replace(
                draft, topic=CHANGE_TOPIC, rule=each, urgency=loud,
                cry=Cry.WITHDRAW if recalled else Cry.NONE,
            ))  # fmt: skip
    calls.open_many(session, drafts, now=now)


def change_words(kind: ChangeKind, change: OrderChange, order: Order) -> tuple[str, str]:
    """Say a change in one sentence, in both languages; an amended order in its new words."""
    where = change.after["where"] or ""
    where_en = order.where_in("en") if where == order.where else where
    because = f" ({change.why})" if change.why else ""
    because_zh = f"（{change.why}）" if change.why else ""
    zh, en = SAID[kind]
    return (
        f"{zh}：{order.what_in('zh')} · {where}{because_zh}"[:TEXT_LENGTH],
        f"{en}: {order.what_in('en')} · {where_en}{because}"[:TEXT_LENGTH],
    )


def _draft(
    order: Order,
    ref: UUID,
    area_path: str,
    ladder: tuple[Step, ...],
    said: tuple[str, str],
    *,
    opener: Opener,
) -> CallDraft:
    return CallDraft(
        topic=TOPIC,
        ref=ref,
        area_path=area_path,
        opener_path=opener[0],
        opener_name=opener[1],
        ladder=ladder,
        text_zh=said[0],
        text_en=said[1],
        page=f"/orders/{order.id}",
        urgency=Loudness(order.urgency),
        windows=(order.answer_within_s,) * MOST_RUNGS,
        is_drill=order.is_drill,
        synthetic=order.synthetic,
        bundle=uuid5(order.id, said[0]),
    )


def holder_of(hop: Assignment) -> Holder:
    """Give who holds a hop, as he was when it was given."""
    return Holder(
        HopKind(hop.holder), hop.unit_id, hop.crew_id, hop.name, hop.name_en,
        hop.area_path, hop.lent_path,
    )  # fmt: skip


def hear(session: Session, said: Sequence[Said]) -> None:
    """Let the calls of hops hear what was said about them; called in the SYSTEM scope."""
    about_hops = [one for one in said if one.step.kind is not StepKind.CHANGE_TAKEN]
    hearing.hear(session, topic=TOPIC, words=[_word(one, one.hop.id, TOPIC) for one in about_hops])
    about_changes = [
        _word(one, one.step.notice_id, CHANGE_TOPIC) for one in said if one.step.notice_id
    ]
    hearing.hear(session, topic=CHANGE_TOPIC, words=about_changes)


def _word(said: Said, ref: UUID, topic: str) -> Word:
    step = said.step
    if step.kind in (StepKind.DELIVERED, StepKind.SEEN):
        return Word(ref, EventKind(step.kind), said.by, said.at)
    says = EventKind.CANNOT if step.kind is StepKind.CANNOT else EventKind.YES
    draft = AnswerDraft(says, why=step.note, done_at=step.done_at, id=uuid5(step.id, topic))
    return Word(ref, says, said.by, said.at, draft)


def end(
    session: Session, hops: Sequence[Assignment], *, why: str, by: Actor, now: datetime
) -> None:
    """Stop ringing about hops that were taken back."""
    calls.cancel(session, topic=TOPIC, refs=[h.id for h in hops], why=why, by=by, now=now)
