"""Verbs of alerts: propose, issue, drop, cancel; the clock ends what is over.

An update is an alert that follows another: the moment it is issued it takes the other's place.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Act as Right
from gis.authority import Actor, require
from gis.errors import Conflict, Missing, Rejected
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.alerts import placing, repository, ringing, rules, spreading, telling
from hazards.alerts.models import Alert
from hazards.alerts.rules import Act, AlertDraft, Source, State, Words
from hazards.points import types

BATCH = 100
OVER = "预警已到期 · the warning is over"


def propose(
    session: Session, *, draft: AlertDraft, by: Actor, now: datetime, synthetic: bool = False
) -> Alert:
    """Write an alert for somebody else to approve; the same id again is the same alert."""
    require(by, Right.PROPOSE_ALERT, by.area_path)
    known = repository.visible(session, draft.id)
    if known is not None:
        return _again(known, draft, by)
    draft = rules.checked(draft, now=now)
    types.require_active(session, draft.hazard_type)
    before = _followed(session, draft)
    place = placing.placed(session, draft, by=by, day=day_of(now))
    require(by, Right.PROPOSE_ALERT, place.area_path)
    row = _row(session, draft, place) | {
        "root_id": before.root_id if before else draft.id,
        "proposed_by": by.id,
        "proposed_by_name": by.name,
        "proposed_at": now,
        "synthetic": synthetic,
    }
    fresh = repository.add_once(session, row)
    alert = visible(session, draft.id)
    if not fresh:
        return _again(alert, draft, by)
    telling.keep(session, alert, "proposed", by=by, now=now, note=alert.why)
    ringing.ring(session, alert, now=now)
    return alert


def issue(
    session: Session, *, alert_id: UUID, by: Actor, now: datetime, issuer: Words | None = None
) -> Alert:
    """Approve an alert that somebody else wrote: from now on it holds. Again changes nothing."""
    alert = changeable(session, alert_id, by)
    if alert.issued_at is not None and alert.issued_by == by.id:
        return alert
    state = rules.next_state(State(alert.state), Act.ISSUE)
    rules.check_second(proposed_by=alert.proposed_by, by=by.id, source=Source(alert.source))
    if alert.expires_at <= now:
        raise Rejected("The time of this warning is over already. Propose it anew.")
    if alert.follows_id is not None:
        before = changeable(session, alert.follows_id, by)
        _ended(session, before, Act.UPDATE, alert.why, by=by, now=now)
    issuer = issuer or telling.issuer(session, by)
    alert.state, alert.issued_at, alert.onset_at = state, now, max(alert.onset_at or now, now)
    alert.issued_by, alert.issued_by_name = by.id, by.name
    alert.issuer_zh, alert.issuer_en = issuer.zh, issuer.en
    session.flush()  # one follower of each alert: the database says so before anybody is told
    spreading.spread(session, alert, by=by, now=now)
    telling.keep(session, alert, "issued", by=by, now=now)
    ringing.quiet(session, alert.id, now=now)
    return alert


def drop(session: Session, *, alert_id: UUID, by: Actor, now: datetime, why: str) -> Alert:
    """Throw a draft away: by who wrote it, or by who would approve it."""
    author = visible(session, alert_id).proposed_by == by.id
    right = Right.PROPOSE_ALERT if author else Right.ISSUE_ALERT
    alert = changeable(session, alert_id, by, right=right)
    return _end(session, alert, Act.DROP, why, by=by, now=now)


def cancel(session: Session, *, alert_id: UUID, by: Actor, now: datetime, why: str) -> Alert:
    """Call an alert off before its time; one person does it, so that it takes no minute longer."""
    return _end(session, changeable(session, alert_id, by), Act.CANCEL, why, by=by, now=now)


def expire_due(sessions: Sessions, *, now: datetime) -> int:
    """End every alert and draft whose time is over; give how many."""
    ended = 0
    while True:
        with unit_of_work(sessions, SYSTEM) as session:
            over = repository.claim_over(session, now=now, limit=BATCH)
            for alert in over:
                _end(session, alert, Act.EXPIRE, "", by=PROGRAM, now=now)
        ended += len(over)
        if len(over) < BATCH:
            return ended


def visible(session: Session, alert_id: UUID) -> Alert:
    """Give an alert, or say that there is none."""
    alert = repository.visible(session, alert_id)
    if alert is None:
        raise Missing("There is no such warning in your area.")
    return alert


def changeable(
    session: Session, alert_id: UUID, by: Actor, *, right: Right = Right.ISSUE_ALERT
) -> Alert:
    """Give an alert to one who may issue it, and let nobody else until the commit."""
    require(by, right, visible(session, alert_id).area_path)
    alert = repository.held(session, alert_id)
    if alert is None:
        raise Missing("There is no such warning in your area.")
    return alert


def _end(session: Session, alert: Alert, act: Act, why: str, *, by: Actor, now: datetime) -> Alert:
    """End an alert for good; what it asked of people ends with it."""
    held = alert.state == State.ISSUED
    _ended(session, alert, act, why, by=by, now=now)
    if held:
        spreading.end(session, alert, by=by, now=now, why=alert.ended_why or OVER)
    return alert


def _ended(
    session: Session, alert: Alert, act: Act, why: str, *, by: Actor, now: datetime
) -> Alert:
    said = rules.checked_why(act, why)
    state = rules.next_state(State(alert.state), act)
    alert.state, alert.ended_at = state, now
    alert.ended_by_name, alert.ended_why = by.name, said
    session.flush()  # whoever is told reads the row
    telling.keep(session, alert, state, by=by, now=now, note=said)
    ringing.quiet(session, alert.id, now=now)
    return alert


def _followed(session: Session, draft: AlertDraft) -> Alert | None:
    if draft.follows is None:
        return None
    before = visible(session, draft.follows)
    if before.state != State.ISSUED:
        raise Conflict("The warning that this one follows is over. Propose a new one.")
    if before.is_drill != draft.is_drill:
        raise Rejected("A drill follows a drill, and a real warning a real one.")
    return before


def _again(known: Alert, draft: AlertDraft, by: Actor) -> Alert:
    """Answer a repeat with what was kept."""
    if (known.proposed_by, known.colour, known.hazard_type) != (
        by.id, draft.colour, draft.hazard_type,
    ):  # fmt: skip
        raise Conflict("This warning's number is taken. Reload the page and write it again.")
    return known


def _row(session: Session, draft: AlertDraft, place: placing.Place) -> dict[str, Any]:
    colour = repository.colours(session)[draft.colour]
    hazard = next(kind for kind in types.all_types(session) if kind.code == draft.hazard_type)
    called = rules.headline(
        Words(hazard.name_zh, hazard.name_en), Words(colour.name_zh, colour.name_en)
    )
    return {
        "id": draft.id,
        "follows_id": draft.follows,
        "colour": draft.colour,
        "hazard_type": draft.hazard_type,
        "area_path": place.area_path,
        "area_paths": list(draft.area_paths),
        "drawn": place.drawn,
        "extent": place.extent,
        "reach": place.reach,
        "where_zh": place.said.zh,
        "where_en": place.said.en,
        "onset_at": draft.onset_at,
        "expires_at": draft.expires_at,
        "headline_zh": draft.headline_zh or called.zh,
        "headline_en": draft.headline_en or called.en,
        "instruction_zh": draft.instruction_zh or colour.instruction_zh,
        "instruction_en": draft.instruction_en or colour.instruction_en,
        "why": draft.why,
        "source": draft.source,
        "source_ref": draft.source_ref,
        "is_drill": draft.is_drill,
        "state": State.DRAFT,
    }
