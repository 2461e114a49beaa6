"""Verbs of residents: report what they see at a code, follow it by number, read how it ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID, uuid5

from shapely import Point
from sqlalchemy.orm import Session

from gis.authority import Actor, Role
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit, files
from gis.store.scope import NO_ONE, PROGRAM
from hazards.calls.program import as_program
from hazards.checklists.rules import bounded
from qr_codes.assets import repository as assets
from qr_codes.assets.models import Asset
from qr_codes.findings import reports, repository, service
from qr_codes.findings.models import ReportKind, ResidentReport
from qr_codes.findings.reports import Receipt
from qr_codes.findings.repository import FROM_RESIDENTS, OTHER
from qr_codes.findings.rules import State, Step
from qr_codes.findings.service import Deed, Defect, Seen

RESIDENT = Actor(NO_ONE, "居民 · resident", Role.RESIDENT, "/")
HOUR = timedelta(hours=1)
MOST_PER_SENDER, MOST_PER_ADDRESS, MOST_PER_ASSET = 5, 100, 30
"""Within an hour; who has more to say calls. A mobile network shows many phones as one address."""
MOST_WORDS = 500
AS_READ = str.maketrans({"-": "", " ": "", "O": "0", "I": "1", "L": "1"})
MOST_PHOTOS = 3
PHOTO_BYTES = 15_000_000


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as the form brought it."""

    stream: BinaryIO
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a resident says. The id is the form's own: sent twice, it is one report.

    `trap` is a field that people do not see; `source` is a hash that tells senders apart.
    """

    id: UUID
    kind: str
    words: str
    source: bytes
    receipt: str
    trap: str = ""
    place: Point | None = None
    photos: tuple[Photo, ...] = ()


def report(session: Session, *, asset_id: UUID, said: Report, now: datetime) -> ResidentReport:
    """Keep a report and open a finding, or join the open one of this place and kind."""
    with as_program(session):
        asset = assets.visible(session, asset_id, lock=True)
        kept = session.get(ResidentReport, said.id)
        if kept is not None:
            return same(kept, asset_id)
        kind = checked(session, asset, said, now=now)
        before = reports.same_before(session, source=said.source, asset_id=asset.id, kind=kind.code)
        if before is not None and kind.code != OTHER:
            return before
        return keep(session, asset, kind, said, now=now)


def same(kept: ResidentReport, asset_id: UUID) -> ResidentReport:
    """Give a report that came again."""
    if kept.asset_id != asset_id:
        raise Conflict("This report was kept for another place. Load the page and send it again.")
    return kept


def checked(session: Session, asset: Asset, said: Report, *, now: datetime) -> ReportKind:
    """Refuse machines and floods, and what nobody could act on; give the kind."""
    kind = session.get(ReportKind, said.kind)
    if kind is None or said.trap:
        raise Rejected("Choose what you see, then send it again.")
    if len(said.photos) > MOST_PHOTOS:
        raise Rejected("Choose at most {most} photos.", most=MOST_PHOTOS)
    if kind.code == OTHER and not bounded(said.words, most=MOST_WORDS):
        raise Rejected("Say in a few words what you see.")
    hold_flood(session, asset, said, after=now - HOUR)
    return kind


def hold_flood(session: Session, asset: Asset, said: Report, *, after: datetime) -> None:
    """Refuse what is too much from one sender, one address, or about one place."""
    mine, behind_it = reports.since(session, source=said.source, after=after)
    if mine >= MOST_PER_SENDER:
        raise Rejected("You have reported {most} things within an hour. Call if there is more.",
                       most=MOST_PER_SENDER)  # fmt: skip
    if behind_it >= MOST_PER_ADDRESS:
        raise Rejected("Very many reports came from your network within an hour. Call 119 if"
                       " somebody is in danger, or the street.")  # fmt: skip
    if reports.at_asset(session, asset.id, after=after) >= MOST_PER_ASSET:
        raise Rejected("Very many have reported this place just now; it is known. Call 119 if"
                       " somebody is in danger.")  # fmt: skip


def keep(
    session: Session, asset: Asset, kind: ReportKind, said: Report, *, now: datetime
) -> ResidentReport:
    """Write the report down, with its finding and photos."""
    words = bounded(said.words, most=MOST_WORDS)
    photos = keep_photos(session, said, area_path=asset.area_path)
    names = kind.name_zh, kind.name_en
    defect = Defect(FROM_RESIDENTS, kind.code, *names, "", kind.grade, stop=False, note=words)
    # The steps point to the report as those of a round point to their visit.
    seen = Seen(by=RESIDENT, done_at=now, received_at=now, inspection_id=said.id)
    finding, _ = service.see(session, asset=asset, defect=defect, seen=seen)
    repository.refresh_danger(session, asset.id)
    made = ResidentReport(
        id=said.id,
        receipt=said.receipt,
        asset_id=asset.id,
        finding_id=finding.id,
        area_path=asset.area_path,
        kind=kind.code,
        words=words,
        place=said.place,
        distance_m=assets.metres_between(session, asset.id, said.place) if said.place else None,
        source=said.source,
        reported_at=now,
    )
    session.add(made)
    step = repository.step_of(session, finding.id, said.id)
    files.attach(
        session, photos, kind=service.FILES, ref=step.id, area_path=asset.area_path,
        by=PROGRAM,
    )  # fmt: skip
    audit.record(session, act="report.kept", subject=made.id, area_path=asset.area_path)
    return made


def keep_photos(session: Session, said: Report, *, area_path: str) -> list[UUID]:
    """Keep the photos before anything else: one that is refused refuses the whole report."""
    return [
        files.put(
            session,
            photo.stream,
            id=uuid5(said.id, str(number)),
            name=photo.name,
            by=PROGRAM,
            area_path=area_path,
            allow=files.PICTURES,
            most_bytes=PHOTO_BYTES,
        ).id
        for number, photo in enumerate(said.photos)
    ]


def follow(session: Session, number: str) -> Receipt:
    """Give what became of a report, to whoever has its number."""
    with as_program(session):
        found = reports.receipt(session, tidy(number))
    if found is None:
        raise Missing("There is no report with this number. Compare it with your receipt.")
    return found


def tidy(number: str) -> str:
    """Read a number as people type it."""
    return number.upper().translate(AS_READ)


def read(session: Session, number: str, *, now: datetime) -> None:
    """Note that whoever reported it has read how it ended; twice is once."""
    found = follow(session, number)
    finding = found.finding
    if finding.state != State.VERIFIED or finding.found_by != NO_ONE:
        return
    deed = Deed(
        id=uuid5(found.report.id, "read"), act=Step.FEED_BACK, note="回执页已读 · read on receipt"
    )
    with as_program(session):
        service.take(session, finding_id=finding.id, deed=deed, by=PROGRAM, now=now)
