"""An answer that came by SMS or keypad: whose it is, about which message, and what it says.

A person answers for himself from his own number, for the matters of one message. Where several
of his messages wait he names the one he means; a yes is never spread over what he did not read.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.errors import Missing, Rejected
from hazards.calls import reports
from hazards.calls import service as calls
from hazards.calls.drafts import AnswerDraft
from hazards.calls.rules import EventKind
from rescue_app import heard
from rescue_app.auth import repository as accounts
from rescue_app.channels import keypad, repository
from rescue_app.channels.keypad import Pressed
from rescue_app.channels.models import Delivery, Gateway
from rescue_app.channels.words_in import EventIn, Unclear

LATELY = timedelta(hours=48)
WHY_WITHIN = timedelta(minutes=30)
NO_REASON = {"zh": "短信回复“不能”，未说明原因", "en": "answered 2 (cannot), no reason given yet"}
REPLIES = {
    "zh": {
        "yes": "已记录：收到。",
        "older": "已记录：前一条收到。此后又有新情况，随即另发，请再回复。",
        "cannot": "已记录：不能，正在叫下一个人。",
        "why": "已记录：不能，正在叫下一个人。请回复原因，如：道路中断。",
        "reason": "原因已记录。",
        "late": "已记录。此事已有人处理或已结束。",
        "which": "您有几件事等答复，请带编号回复，如：1 {number}。待答：{open}",
        "how": "没看懂。请回复 1 收到，或 2 加原因表示不能。",
    },
    "en": {
        "yes": "Noted: received.",
        "older": "Noted: the earlier one received. There is news since: it follows, answer it too.",
        "cannot": "Noted: cannot. The next person is being called.",
        "why": "Noted: cannot. The next person is being called. Reply why, such as: road cut.",
        "reason": "The reason is noted.",
        "late": "Noted. Somebody else took this, or it is over.",
        "which": "Several messages wait. Reply with its number, such as: 1 {number}. Open: {open}",
        "how": "Not understood. Reply 1 for received, or 2 and why if you cannot.",
    },
}


def answer(session: Session, gateway: Gateway, event: EventIn, now: datetime) -> str:
    """Keep an answer for whoever gave it; give what he is told."""
    sent = _sent(session, gateway, event, now)
    pressed = keypad.read(event.text)
    if pressed is None:
        return _reason(session, sent, event, now)
    each = _meant(session, sent, pressed, by_id=event.message is not None)
    return _say(session, gateway, each, event, pressed, now)


def _sent(session: Session, gateway: Gateway, event: EventIn, now: datetime) -> list[Delivery]:
    """Messages that the answer can be about: the one it names, or those to its number."""
    phone = keypad.phone(event.phone)
    if event.message is not None:
        found = repository.held(session, event.message)
        if found is None or found.gateway_id != gateway.id:
            raise Missing("This gateway was given no message with this id.")
        if not phone or phone != found.phone:
            raise Rejected("This message went to another number. Nobody answers for another.")
        return [found]
    if not phone:
        raise Rejected("Say from which number the answer came.")
    sent = repository.to_phone(session, phone, gateway_id=gateway.id, since=now - LATELY)
    if not sent:
        raise Missing("This gateway sent no message to this number lately.")
    return sent


def _meant(
    session: Session, sent: Sequence[Delivery], pressed: Pressed, *, by_id: bool
) -> Delivery:
    """Give the message that is meant; where it could be several, ask."""
    if by_id:
        return sent[0]
    if pressed.number is not None:
        named = [each for each in sent if each.number == pressed.number]
        if not named:
            raise Rejected("No message has the number {number}.", number=pressed.number)
        return named[0]
    waits = reports.waited_for(session, {rung for each in sent for rung in each.rung_ids})
    unanswered = [each for each in sent if not waits.isdisjoint(each.rung_ids)]
    if len(unanswered) > 1:
        told = "；".join(f"{each.number} {each.texts_zh[0][:16]}" for each in unanswered[:5])
        words = REPLIES[sent[0].language]["which"]
        raise Unclear(
            "Several messages wait for this person's answer. Ask him for the number.",
            reply=words.format(number=unanswered[0].number, open=told),
        )
    return unanswered[0] if unanswered else sent[0]


def _say(
    session: Session,
    gateway: Gateway,
    each: Delivery,
    event: EventIn,
    pressed: Pressed,
    now: datetime,
) -> str:
    replies = REPLIES[each.language]
    waits = reports.waited_for(session, each.rung_ids)
    why = pressed.why or NO_REASON[each.language]
    older = (
        pressed.yes
        and bool(waits)
        and calls.part(session, each.call_ids, said=each.texts_zh, at=each.queued_at, now=now)
    )
    _tell(session, gateway, each, event, pressed.yes, why, now)
    each.answered_at = each.answered_at or now
    each.next_try_at = each.widen_at = None
    if not pressed.yes and not pressed.why:
        each.asked_why_at = now
        return replies["why"]
    if not waits:
        return replies["late"]
    return replies["older" if older else "yes" if pressed.yes else "cannot"]


def _reason(session: Session, sent: Sequence[Delivery], event: EventIn, now: datetime) -> str:
    """Words without a digit are the reason that was asked for, or nothing we understand."""
    asked = [each for each in sent if each.asked_why_at and each.asked_why_at > now - WHY_WITHIN]
    text = event.text.strip()
    if not asked or not text:
        raise Unclear(
            "This is neither 1 nor 2. Ask the person to answer again.",
            reply=REPLIES[sent[0].language]["how"],
        )
    each = max(asked, key=lambda one: one.asked_why_at or now)
    gateway = repository.gateway(session, each.gateway_id) if each.gateway_id else None
    if gateway is not None:
        _tell(session, gateway, each, event, False, text, now)
    each.asked_why_at = None
    return REPLIES[each.language]["reason"]


def _tell(
    session: Session,
    gateway: Gateway,
    each: Delivery,
    event: EventIn,
    yes: bool,
    why: str,
    now: datetime,
) -> None:
    """Answer every matter of the message, each under an id made of the word's own."""
    account = accounts.by_id(session, each.account_id) if each.account_id else None
    nobody = Actor(each.person_id, each.name, Role.OBSERVER, each.area_path)
    by = account.as_actor() if account else nobody
    word = uuid5(gateway.id, event.id)
    said = {
        call_id: AnswerDraft(
            EventKind.YES if yes else EventKind.CANNOT,
            why="" if yes else why,
            done_at=min(event.at, now) if event.at else now,
            rungs=each.rung_ids,
            channel=each.channel,
            id=uuid5(word, str(call_id)),
        )
        for call_id in each.call_ids
    }
    heard.answer_all(session, said, by=by, now=now, signs_in=account is not None)
