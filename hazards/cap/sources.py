"""Who may send us warnings: set up and changed by a person, each with a key shown once."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Forbidden, Missing, Rejected, Throttled
from gis.store import audit
from gis.store.base import new_id
from hazards.calls.program import as_program
from hazards.cap import repository, signatures
from hazards.cap.models import CapKey, CapSource
from hazards.points import types

KEY_BYTES = 32
LONGEST = 100
MOST_SENDERS = 50
LONGEST_LIST = 100_000
MOST_PER_MINUTE = 120
MOST_MINUTES = 1_440
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A source as somebody enters it; `senders` parted by blanks."""

    name: str
    senders: str
    hazard_type: str
    at_once: bool = False
    needs_signature: bool = False
    certificates: str = ""
    feed_url: str = ""
    every_minutes: int = 1
    active: bool = True
    id: UUID = field(default_factory=new_id)


def keep(session: Session, draft: SourceDraft, *, by: Actor) -> CapSource:
    """Set a source up or change it. Whoever lets one speak at once may issue warnings himself."""
    require(by, Act.MANAGE_FEEDS, by.area_path)
    _check(session, draft)
    kept = session.get(CapSource, draft.id)
    area = kept.area_path if kept else by.area_path
    require(by, Act.MANAGE_FEEDS, area)
    if draft.at_once:
        require(by, Act.ISSUE_ALERT, area)
    source = kept or CapSource(id=draft.id, area_path=area)
    source.name, source.hazard_type = draft.name.strip(), draft.hazard_type
    source.senders = draft.senders.split()
    source.at_once, source.needs_signature = draft.at_once, draft.needs_signature
    source.certificates, source.active = draft.certificates.strip(), draft.active
    if source.feed_url != draft.feed_url.strip():
        source.feed_url, source.etag, source.asked_at = draft.feed_url.strip(), "", None
    source.every_minutes, source.made_by_name = draft.every_minutes, by.name
    session.add(source)
    session.flush()  # the key needs the row
    _tell(session, source, "changed" if kept else "added")
    return source


def _check(session: Session, draft: SourceDraft) -> None:
    types.require_active(session, draft.hazard_type)
    senders = draft.senders.split()
    if not draft.name.strip() or len(draft.name) > LONGEST:
        raise Rejected("Give the source a name of at most {most} signs.", most=LONGEST)
    if len(senders) > MOST_SENDERS or any(len(one) > 3 * LONGEST for one in senders):
        raise Rejected("These are too many senders, or one is too long.")
    if draft.at_once and not senders:
        raise Rejected("Say under which names it sends: only those may put a warning in force.")
    if draft.needs_signature and not draft.certificates.strip():
        raise Rejected("Paste the certificates that its signature is checked by.")
    if len(draft.certificates) > LONGEST_LIST:
        raise Rejected("These are too many certificates.")
    signatures.certificates_of(draft.certificates)
    if not 1 <= draft.every_minutes <= MOST_MINUTES:
        raise Rejected("A feed is asked every 1 to {most} minutes.", most=MOST_MINUTES)
    _check_url(draft.feed_url.strip())


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        fit = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
        fit = fit and parts.port != 0
    except ValueError:
        fit = False
    if url and (not fit or len(url) > 10 * LONGEST):
        raise Rejected("The address of a feed begins with https:// or http:// and names a host.")


def new_key(session: Session, source_id: UUID, *, by: Actor) -> str:
    """Make a source's key anew and give it this once; the old one is dead from the commit on."""
    source = managed(session, source_id, by)
    key = secrets.token_urlsafe(KEY_BYTES)
    with as_program(session):
        row = CapKey(source_id=source.id, area_path=source.area_path, digest=_digest(key))
        session.merge(row)
    _tell(session, source, "key_made")
    return key


def managed(session: Session, source_id: UUID, by: Actor) -> CapSource:
    """Give a source that this person looks after."""
    source = visible(session, source_id)
    require(by, Act.MANAGE_FEEDS, source.area_path)
    return source


def visible(session: Session, source_id: UUID) -> CapSource:
    """Give a source that the asker sees."""
    source = session.get(CapSource, source_id)
    if source is None:
        raise Missing("There is no such source. Reload the page.")
    return source


def of_key(session: Session, key: str, *, now: datetime) -> CapSource:
    """Give the source of a key, in the SYSTEM scope, and count that it spoke."""
    source = repository.of_digest(session, _digest(key))
    if source is None:
        raise Forbidden("This key is not known here. Make a new one on the page of sources.")
    check_active(source)
    running = source.minute is not None and now - source.minute < MINUTE
    come = (source.in_minute if running else 0) + 1
    if come > MOST_PER_MINUTE:
        raise Throttled("More than {most} messages came in a minute. Send it again in a minute.",
                        most=MOST_PER_MINUTE)  # fmt: skip
    source.in_minute, source.minute = come, source.minute if running else now
    return source


def check_active(source: CapSource) -> None:
    """Refuse a source that is switched off."""
    if not source.active:
        raise Forbidden("This source is switched off here.")


def _digest(key: str) -> bytes:
    # The key is 256 bits of chance: a slow hash would protect nothing more.
    return sha256(key.encode()).digest()


def _tell(session: Session, source: CapSource, what: str) -> None:
    audit.record(
        session, act=f"cap_source.{what}", subject=source.id, area_path=source.area_path,
        name=source.name, at_once=source.at_once,
    )  # fmt: skip
