"""Verb of inspections: submit. One transaction: the visit, its findings, the lists it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.store import audit, notify
from hazards.checklists.visits import Visit
from hazards.conflicts import repository as conflicts
from hazards.conflicts.rules import Kind
from hazards.photos import service as photos
from hazards.photos.rules import Promised
from qr_codes.assets import repository as assets
from qr_codes.findings import repository as findings
from qr_codes.findings.models import Finding
from qr_codes.inspections import contested, lists, owed, rejudged, repository
from qr_codes.inspections.models import Inspection
from qr_codes.inspections.seeing import findings_of
from qr_codes.inspections.visits import (
    Came,
    Read,
    bounded_note,
    label_seen,
    read,
    row_of,
)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a visit led to; `conflict` is what somebody has to look at because of it."""

    inspection: Inspection
    opened: Sequence[Finding]
    joined: Sequence[Finding]
    new: bool
    conflict: UUID | None


def submit(
    session: Session,
    *,
    asset_id: UUID,
    visit: Visit,
    by: Actor,
    now: datetime,
    code_id: UUID | None = None,
    promised: Sequence[Promised] = (),
) -> Submitted:
    """Keep a visit once, whatever number of times it is sent, and open or join its findings.

    Another content under the same number is kept beside the first, for review.
    """
    # The asset's row is held: two rounds at once wait for each other here.
    held = assets.held_from(session, asset_id, visit.place)
    # Whoever only reads can hold no row: he is told that he may not, or that there is none.
    asset, away_m = held or (assets.visible(session, asset_id), None)
    require(by, Act.INSPECT, asset.area_path)
    shown = lists.answered(session, asset, visit.shown, now=now)
    came = Came(asset, away_m, visit, bounded_note(visit), by, now, code_id, promised)
    said = read(came, shown)
    inspection = row_of(came, said)
    if repository.keep(session, inspection):
        return follow(session, came, said, inspection)
    first = session.get(Inspection, inspection.id)
    if first is None or first.asset_id != asset.id:
        raise Conflict(
            "Another inspection was already kept under this number. Yours was not saved: "
            "load the page again and send it once more."
        )
    if first.fingerprint == inspection.fingerprint:
        return again(session, first)
    contested.another(first, inspection)
    if not repository.keep(session, inspection):
        return again(session, inspection)
    return follow(session, came, said, inspection, first=first)


def follow(
    session: Session,
    came: Came,
    said: Read,
    inspection: Inspection,
    *,
    first: Inspection | None = None,
) -> Submitted:
    """Let happen what a visit that is new leads to."""
    photos.promise(session, inspection, came.promised, by=came.by, beside=first)
    opened, joined = findings_of(session, came, said, inspection)
    label_seen(session, inspection, came.asset)
    tell(session, inspection)
    conflict = contested.against_register(session, came, inspection)
    if first is None:
        owed.fill(session, came, said, inspection)
    else:
        conflict = contested.note(session, came, Kind.NUMBER, second=inspection, first=first)
    anew = rejudged.by_list_in_force(session, came, said.checklist, inspection)
    if anew is not None:
        second = row_of(came, anew)
        contested.another(inspection, second)
        repository.keep(session, second)
        more, again = findings_of(session, came, anew, second)
        opened, joined = [*opened, *more], [*joined, *again]
        note = contested.note(session, came, Kind.LIST, second=second, first=inspection)
        conflict = conflict or note
    return Submitted(inspection, opened, joined, new=True, conflict=conflict)


def again(session: Session, sent: Inspection) -> Submitted:
    """Answer a retry with what was kept."""
    kept = session.get_one(Inspection, sent.id)
    found = findings.of_inspection(session, kept.id)
    return Submitted(kept, (), found, new=False, conflict=conflicts.of_version(session, kept.id))


def tell(session: Session, inspection: Inspection) -> None:
    """Write the audit line and tell live pages."""
    area, asset_id, outcome = inspection.area_path, inspection.asset_id, inspection.outcome
    audit.record(
        session,
        act="asset.inspected",
        subject=asset_id,
        area_path=area,
        inspection=inspection.id,
        outcome=outcome,
    )
    notify.announce(session, topic="inspection", kind=outcome, ref=asset_id, area_path=area)
