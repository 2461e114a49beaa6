"""A member's part rings on his own phone; silent, it climbs to his leader, then to those above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.calls import hearing
from hazards.calls import service as calls
from hazards.calls.drafts import AnswerDraft, CallDraft, Callee, Step, TakenBy
from hazards.calls.hearing import Word
from hazards.calls.program import as_program
from hazards.calls.rules import Cry, EventKind, RungKind
from hazards.calls.rules import Urgency as Loudness
from rescue_app.dispatch import callees, calling
from rescue_app.dispatch.changes import LOUD, SAID, ChangeKind
from rescue_app.dispatch.drafts import StepDraft
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.models import Assignment, Order, OrderChange
from rescue_app.dispatch.rules import StepKind

TOPIC = "member"
CHANGE_TOPIC = "member_change"
Parts = Sequence[tuple[MemberPart, Assignment]]


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a member's log, checked: of which part, whose word, and when it arrived."""

    part: MemberPart
    step: StepDraft
    by: Actor
    at: datetime

    @property
    def about_part(self) -> bool:
        """Whether it is about the part itself, and not that a change was heard."""
        return self.step.kind is not StepKind.CHANGE_TAKEN


def ladders(session: Session, parts: Parts) -> dict[UUID, tuple[Step, ...]]:
    """Give by part: the member, who leads his crew, its deputy, then who stands above the crew."""
    holders = {hop.id: calling.holder_of(hop) for _, hop in parts}
    found: dict[UUID, tuple[Step, ...]] = {}
    for giver_path in {hop.giver_path for _, hop in parts}:
        own = [one for one in parts if one[1].giver_path == giver_path]
        with as_program(session):
            crews = [holders[hop.id] for _, hop in own]
            roster = callees.read(session, crews, giver_path=giver_path)
        for part, hop in own:
            above = callees.ladder(roster, holders[hop.id], giver_path=giver_path)
            climbs = (replace(step, kind=RungKind.SUPERIOR) for step in above)
            found[part.id] = (Step(RungKind.FIRST, (callee(part),)), *climbs)
    return found


def callee(part: MemberPart) -> Callee:
    """Give a member as he is called."""
    return Callee(part.name, part.area_path, "", part.phone, part.member_id, part.account_id)


def open_for(session: Session, order: Order, parts: Parts, *, now: datetime) -> None:
    """Call each member about his part."""
    climbs = ladders(session, parts)
    drafts = [
        draft_of(order, part, part.id, climbs[part.id], words_of(order, part), topic=TOPIC)
        for part, _ in parts
    ]
    calls.open_many(session, drafts, now=now)


def words_of(order: Order, part: MemberPart) -> tuple[str, str]:
    """Say a part in one sentence, in both languages: his own words first."""
    zh, en = (
        " · ".join(
            said for said in (part.words, order.what_in(locale), order.where_in(locale)) if said
        )
        for locale in ("zh", "en")
    )
    return zh, en


def open_change(
    session: Session,
    order: Order,
    kind: ChangeKind,
    notices: Mapping[UUID, tuple[MemberPart, Assignment]],
    *,
    said: tuple[str, str],
    now: datetime,
) -> None:
    """Call each member whom a change concerns; a recall as loud as can be."""
    climbs = ladders(session, list(notices.values()))
    loud = Loudness.FLASH if kind in LOUD else Loudness(order.urgency)
    cry = Cry.WITHDRAW if kind in LOUD else Cry.NONE
    drafts = [
        draft_of(order, part, ref, climbs[part.id], said, topic=CHANGE_TOPIC)
        for ref, (part, _) in notices.items()
    ]
    loudly = [replace(draft, urgency=loud, cry=cry) for draft in drafts]
    calls.open_many(session, loudly, now=now)


def change_words(
    kind: ChangeKind, order: Order, *, change: OrderChange | None, why: str
) -> tuple[str, str]:
    """Say what became of the order, or that this part alone was taken back."""
    if change is not None:
        return calling.change_words(kind, change, order)
    because, because_zh = (f" ({why})", f"（{why}）") if why else ("", "")
    zh, en = SAID[kind]
    return f"{zh}：{order.what_in('zh')}{because_zh}", f"{en}: {order.what_in('en')}{because}"


def amended_words(order: Order, part: MemberPart, *, why: str) -> tuple[str, str]:
    """Say that this part alone was changed, in its new words."""
    because, because_zh = (f" ({why})", f"（{why}）") if why else ("", "")
    zh, en = words_of(order, part)
    return f"你的分工已改：{zh}{because_zh}", f"Your part is changed: {en}{because}"


def draft_of(
    order: Order,
    part: MemberPart,
    ref: UUID,
    ladder: tuple[Step, ...],
    said: tuple[str, str],
    *,
    topic: str,
) -> CallDraft:
    """Give the call about a part, or about a change of it."""
    return CallDraft(
        topic=topic,
        ref=ref,
        area_path=part.area_path,
        opener_path=part.giver_path,
        opener_name=part.giver_name,
        ladder=ladder,
        text_zh=said[0][: calling.TEXT_LENGTH],
        text_en=said[1][: calling.TEXT_LENGTH],
        page=f"/orders/{order.id}",
        urgency=Loudness(order.urgency),
        windows=(order.answer_within_s,) * calling.MOST_RUNGS,
        is_drill=order.is_drill,
        synthetic=order.synthetic,
        bundle=uuid5(order.id, said[0]),
    )


def hear(session: Session, said: Sequence[Said]) -> None:
    """Let the calls of parts hear what members said, or what was entered for them.

    Called in the SYSTEM scope.
    """
    words = [_word(one, one.part.id, TOPIC) for one in said if one.about_part]
    hearing.hear(session, topic=TOPIC, words=words)
    heard = [(one, one.step.notice_id) for one in said]
    words = [_word(one, notice, CHANGE_TOPIC) for one, notice in heard if notice]
    hearing.hear(session, topic=CHANGE_TOPIC, words=words)


def _word(said: Said, ref: UUID, topic: str) -> Word:
    step, by = said.step, said.by
    if step.kind in (StepKind.DELIVERED, StepKind.SEEN):
        return Word(ref, EventKind(step.kind), by, said.at)
    says = EventKind.CANNOT if step.kind is StepKind.CANNOT else EventKind.YES
    taken_by = TakenBy(step.how) if step.entered_by and step.how else None
    told = uuid5(step.id, topic)
    given = AnswerDraft(says, why=step.note, done_at=step.done_at, taken_by=taken_by, id=told)
    return Word(ref, says, by, said.at, given, said.part.person_id if step.entered_by else None)


def end(
    session: Session, parts: Sequence[MemberPart], *, why: str, by: Actor, now: datetime
) -> None:
    """Stop ringing about parts that were taken back."""
    calls.cancel(session, topic=TOPIC, refs=[one.id for one in parts], why=why, by=by, now=now)
