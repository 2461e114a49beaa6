"""Verbs of findings: seen on a round, routed, and taken round until fed back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Actor
from gis.errors import Conflict, Rejected
from gis.store import audit, files
from gis.store.base import new_id
from gis.store.notify import announce
from gis.store.scope import PROGRAM
from hazards.checklists.rules import bounded
from qr_codes.assets import repository as assets
from qr_codes.assets.models import Asset
from qr_codes.findings import alarm, keeping, repository, rights, routing, rules
from qr_codes.findings.keeping import Office, step_row
from qr_codes.findings.models import Finding, FindingStep
from qr_codes.findings.rules import NEEDS_UNIT, State, Step

FILES = "finding_step"
"""Whose the photos are that come with a step."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that was found bad."""

    template_code: str
    item_code: str
    text_zh: str
    text_en: str
    answer: str
    grade: int
    stop: bool
    note: str


@dataclass(frozen=True, slots=True)
class Seen:
    """By whom, when and on which inspection."""

    by: Actor
    done_at: datetime
    received_at: datetime
    inspection_id: UUID | None


@dataclass(frozen=True, slots=True)
class Scan:
    """The asset's own label, read on site, and where that was."""

    code_id: UUID
    asset_id: UUID
    place: Point | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does with a finding. The same id twice is the same step once."""

    id: UUID
    act: Step
    note: str = ""
    unit_id: UUID | None = None
    file_ids: tuple[UUID, ...] = ()
    scan: Scan | None = None
    done_at: datetime | None = None


def see(session: Session, *, asset: Asset, defect: Defect, seen: Seen) -> tuple[Finding, bool]:
    """Open a finding, or join the open one of the same defect. Tells whether it is new.

    The caller holds the asset's row, so two rounds at once cannot open the same twice.
    """
    there = repository.same_defect(
        session,
        asset_id=asset.id,
        template_code=defect.template_code,
        item_code=defect.item_code,
        at=seen.done_at,
    )
    if there is not None:
        join(session, there, asset=asset, defect=defect, seen=seen)
        return there, False
    finding = Finding(
        id=new_id(),
        asset_id=asset.id,
        area_path=asset.area_path,
        template_code=defect.template_code,
        item_code=defect.item_code,
        text_zh=defect.text_zh,
        text_en=defect.text_en,
        answer=defect.answer,
        note=defect.note,
        grade=defect.grade,
        stop=defect.stop,
        state=State.DISCOVERED,
        found_by=seen.by.id,
        found_by_name=seen.by.name,
        found_at=seen.done_at,
        seen_at=seen.done_at,
        synthetic=asset.synthetic,
    )
    session.add(finding)
    session.flush()  # its steps need its row
    keep(session, finding, witnessed(finding, Step.DISCOVER, seen, defect.note))
    route(session, finding, asset=asset, now=seen.received_at)
    after(session, finding, asset=asset, seen=seen)
    return finding, True


def join(session: Session, finding: Finding, *, asset: Asset, defect: Defect, seen: Seen) -> None:
    """See a defect again: the worse grade counts, and a finished one goes back to work."""
    finding.seen_at = max(finding.seen_at, seen.done_at)
    finding.found_at = min(finding.found_at, seen.done_at)
    finding.grade = min(finding.grade, defect.grade)
    finding.stop = finding.stop or defect.stop
    finding.answer = defect.answer
    keep(session, finding, witnessed(finding, Step.SEE_AGAIN, seen, defect.note))
    after(session, finding, asset=asset, seen=seen)


def witnessed(finding: Finding, act: Step, seen: Seen, note: str) -> FindingStep:
    """Write down that somebody saw it."""
    return step_row(
        finding,
        act,
        by=seen.by,
        done_at=seen.done_at,
        received_at=seen.received_at,
        note=note,
        inspection_id=seen.inspection_id,
    )


def count(
    session: Session,
    finding: Finding,
    *,
    visit: UUID,
    counts: bool,
    by: Actor,
    now: datetime,
    note: str,
) -> None:
    """Set aside what a visit saw of a finding, or let it count again; the caller holds the asset.

    A finding that nobody else saw ends with it, and opens again with it.
    """
    act = Step.COUNT_AGAIN if counts else Step.SET_ASIDE
    if counts and finding.state == State.SET_ASIDE:
        repository.refuse_twin(session, finding)
    step = step_row(
        finding, act, by=by, done_at=now, received_at=now, note=note, inspection_id=visit
    )
    keep(session, finding, step)
    keeping.settle(session, finding, by=by, now=now)


def route(session: Session, finding: Finding, *, asset: Asset, now: datetime) -> None:
    """Give it to the office that the responsibility list names; without one it has no owner."""
    office = routing.owner(session, asset, on=day_of(now))
    if office is None:
        return
    finding.routed_by = routing.BY_LIST
    step = step_row(finding, Step.ROUTE, by=PROGRAM, done_at=now, received_at=now, office=office)
    keep(session, finding, step)


def after(session: Session, finding: Finding, *, asset: Asset, seen: Seen) -> None:
    """Settle what a sight of it changed, and ring if its grade asks for that."""
    keeping.settle(session, finding, by=seen.by, now=seen.received_at)
    if finding.state not in rules.ENDED:
        alarm.call_at_once(session, finding, name=asset.name, by=seen.by, now=seen.received_at)


def take(session: Session, *, finding_id: UUID, deed: Deed, by: Actor, now: datetime) -> Finding:
    """Take a finding one step on; the same step id again is the same step once."""
    finding = repository.visible(session, finding_id)
    asset = assets.visible(session, finding.asset_id, lock=True)
    finding = repository.visible(session, finding_id, lock=True)
    before = repository.step(session, deed.id)
    if before is not None:
        same = before.act == deed.act or (before.act, deed.act) == (Step.LOOK, Step.VERIFY)
        if not same or (before.finding_id, before.actor_id) != (finding_id, by.id):
            raise Conflict("This step was already taken with another content.")
        return finding
    note, office = checked(session, finding, deed, by=by)
    step = step_row(
        finding, deed.act, id=deed.id, by=by, note=note, office=office,
        done_at=deed_time(finding, deed, now), received_at=now,
    )  # fmt: skip
    on_site(session, step, deed, asset=asset)
    steps = repository.steps(session, finding.id)
    step.act = rules.kept_as(map(keeping.taken, steps), keeping.taken(step))
    if deed.act is Step.ROUTE:
        finding.routed_by = finding.routed_by or routing.BY_HAND
    if deed.act is Step.SEND_BACK:
        repository.refuse_twin(session, finding)
    keep(session, finding, step)
    where = finding.area_path
    files.attach(session, deed.file_ids, kind=FILES, ref=step.id, area_path=where, by=by)
    keeping.settle(session, finding, by=by, now=now)
    repository.refresh_danger(session, asset.id)
    return finding


def checked(
    session: Session, finding: Finding, deed: Deed, *, by: Actor
) -> tuple[str, Office | None]:
    """Hold whose step it is and that it says what it has to; give its words and its office."""
    standing = keeping.read(repository.steps(session, finding.id))
    area = finding.area_path
    rights.check(standing, deed.act, by=by, found_by=finding.found_by, area_path=area)
    note = rules.checked_note(deed.act, bounded(deed.note))
    rights.checked_feed_back(deed.act, note, by=by, found_by=finding.found_by)
    if deed.act in NEEDS_UNIT:
        return note, routing.office(session, deed.unit_id, area_path=area)
    if deed.act is Step.ACCEPT and standing.unit_id is None:
        return note, routing.own_centre(session, area_path=area, of=by.area_path)
    return note, None


def deed_time(finding: Finding, deed: Deed, now: datetime) -> datetime:
    """Only what is done on site happens before it arrives; no deed is before its finding."""
    if deed.scan is None or deed.done_at is None:
        return now
    return min(max(deed.done_at, finding.found_at), now)


def on_site(session: Session, step: FindingStep, deed: Deed, *, asset: Asset) -> None:
    """Hold that a verification was made at the asset: its own label scanned, a photo taken."""
    scan = deed.scan
    if scan is not None and scan.asset_id != asset.id:
        raise Rejected("This code hangs on another asset. Scan the one where it was found.")
    spoken = [one.is_sound for one in files.known(session, deed.file_ids).values()]
    is_seen = deed.file_ids and not (spoken and all(spoken))
    if deed.act is Step.VERIFY and (scan is None or not is_seen):
        raise Rejected(
            "Verification is done on site: scan the code of the asset again, and take a photo"
            " from where the first one was taken."
        )
    if scan is not None:
        step.code_id, step.place = scan.code_id, scan.place
        if scan.place is not None:
            step.distance_m = assets.metres_between(session, asset.id, scan.place)


def keep(session: Session, finding: Finding, step: FindingStep) -> None:
    """Append the step with where it leads, and tell the audit log and live pages."""
    step.state = keeping.read([*repository.steps(session, finding.id), step]).state
    session.add(step)
    facts: dict[str, Any] = {"unit": step.unit_name} if step.unit_id else {}
    area = finding.area_path
    act = f"finding.{step.act}"
    audit.record(session, act=act, subject=finding.id, area_path=area, state=step.state, **facts)
    announce(session, topic=keeping.TOPIC, kind=step.state, ref=finding.id, area_path=area)
