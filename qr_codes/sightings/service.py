"""Takes in what cameras tell: once, joined with what was seen near it, and acted on if believed."""

from datetime import datetime
from io import BytesIO
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.areas import placing
from gis.authority import Actor
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit, files
from gis.store.base import new_id
from gis.store.notify import announce
from gis.store.scope import PROGRAM
from qr_codes.sightings import acting, repository, rules
from qr_codes.sightings.models import Sighting, SightingEvent, SightingKind
from qr_codes.sightings.rules import Decision, Event, Outcome

TOPIC = FILES = "sighting"
LONGEST = 200
SNAPSHOT_BYTES = 15_000_000


def take(
    session: Session, event: Event, *, source: str, area_path: str, now: datetime
) -> tuple[Sighting, bool]:
    """Keep an event in the SYSTEM scope; the same number again is the same event."""
    kind = repository.kinds(session).get(event.kind)
    if kind is None or not event.ref.strip():
        raise Rejected("There is no kind {kind} of event here, or it has no number.",
                       kind=event.kind[:60])  # fmt: skip
    at = rules.checked_time(event.at, now=now)
    rules.checked_confidence(event.confidence)
    repository.hold(session, kind.code)
    known = repository.told(session, source=source, ref=event.ref[:LONGEST])
    if known is not None:
        return session.get_one(Sighting, known.sighting_id), False
    path = placing.path_at(session, event.place, day=placing.day_of(now))
    if path is None or not path.startswith(area_path):
        raise Rejected("This place lies outside the area of your key. Longitude comes first.")
    sighting = _joined(session, kind, event, path, at)
    kept = _event(event, sighting, source=source, now=now)
    session.add(kept)
    _keep_snapshot(session, event, kept)
    acting.act(session, kind, sighting, event, now=now)
    announce(session, topic=TOPIC, kind=sighting.outcome, ref=sighting.id,
             area_path=sighting.area_path)  # fmt: skip
    return sighting, True


def visible(session: Session, sighting_id: UUID) -> Sighting:
    """Give what was seen, or say that there is nothing."""
    found = repository.find(session, sighting_id)
    if found is None:
        raise Missing("Cameras saw no such thing in your area.")
    return found


def decide(
    session: Session, sighting: Sighting, decision: Decision, *, by: Actor, now: datetime,
    incident_id: UUID | None = None, why: str = "",
) -> bool:  # fmt: skip
    """Keep what a person says it is; the same again is one, another incident is refused."""
    said = (decision, incident_id, why)
    known = repository.decisions(session, [sighting.id]).get(sighting.id)
    if known is not None and (known.decision, known.incident_id, known.why) == said:
        return False
    row = {"id": new_id(), "sighting_id": sighting.id, "area_path": sighting.area_path,
           "incident_id": incident_id, "decision": decision, "why": why, "by_id": by.id,
           "by_name": by.name, "at": now}  # fmt: skip
    if (known and known.incident_id) or not repository.add_decision(session, row):
        raise Conflict("Somebody has made an incident of it meanwhile. Reload the page.")
    audit.record(session, act=f"sighting.{decision}", subject=sighting.id,
                 area_path=sighting.area_path, incident=incident_id, why=why)  # fmt: skip
    announce(session, topic=TOPIC, kind=decision, ref=sighting.id, area_path=sighting.area_path)
    return True


def _joined(
    session: Session, kind: SightingKind, event: Event, path: str, at: datetime
) -> Sighting:
    there = repository.same(session, kind, place=event.place, at=at)
    if there is None:
        there = Sighting(
            id=new_id(), kind=kind.code, area_path=path, place=event.place,
            camera=event.camera[:LONGEST], first_at=at, last_at=at, confidence=event.confidence,
            times=0, outcome=Outcome.DOUBTED,
        )  # fmt: skip
        session.add(there)
    there.times += 1
    there.first_at, there.last_at = min(there.first_at, at), max(there.last_at, at)
    there.confidence = max(there.confidence, event.confidence)
    session.flush()  # its events need its row
    return there


def _event(event: Event, sighting: Sighting, *, source: str, now: datetime) -> SightingEvent:
    return SightingEvent(
        id=new_id(), sighting_id=sighting.id, area_path=sighting.area_path, source=source,
        ref=event.ref[:LONGEST], at=event.at, received_at=now, place=event.place,
        confidence=event.confidence, words=event.words[:LONGEST],
    )  # fmt: skip


def _keep_snapshot(session: Session, event: Event, kept: SightingEvent) -> None:
    """Keep the picture drawn anew; who sees the area sees it."""
    if event.snapshot is None:
        return
    file = files.put(
        session, BytesIO(event.snapshot), id=uuid5(kept.id, "snapshot"), name="snapshot.jpg",
        by=PROGRAM, area_path=kept.area_path, allow=files.PICTURES, most_bytes=SNAPSHOT_BYTES,
    )  # fmt: skip
    files.attach(session, [file.id], kind=FILES, ref=kept.sighting_id, area_path=kept.area_path,
                 by=PROGRAM)  # fmt: skip
