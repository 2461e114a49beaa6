"""Ways in for readings: each has its own key, its own source and its own pace."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Forbidden, Missing, Rejected, Throttled
from gis.store import audit
from gis.store.base import new_id
from gis.store.notify import announce
from hazards.calls.program import as_program
from hazards.monitoring.models import Feed, FeedKey
from hazards.monitoring.service import Taken

TOPIC = "feed"
LONGEST = 100
MOST_PER_MINUTE = 10_000_000
KEY_BYTES = 32
LONGEST_REFUSAL = 200
MINUTE = timedelta(minutes=1)


class UnknownKey(Forbidden):
    """No way in has this key."""


@dataclass(frozen=True, slots=True)
class FeedDraft:
    """A way in as somebody enters it."""

    name: str
    source: str
    per_minute: int
    active: bool = True
    id: UUID = field(default_factory=new_id)


def keep(session: Session, draft: FeedDraft, *, by: Actor) -> Feed:
    """Set a way in up or change it; the source of one that is there stays."""
    require(by, Act.MANAGE_FEEDS, by.area_path)
    name, source = draft.name.strip(), draft.source.strip()
    if not name or not source or max(len(name), len(source)) > LONGEST:
        raise Rejected("Give a name, and the source as the list of stations names it.")
    if not 1 <= draft.per_minute <= MOST_PER_MINUTE:
        raise Rejected("Say how many readings may come in a minute: 1 to {most}.",
                       most=MOST_PER_MINUTE)  # fmt: skip
    kept = session.get(Feed, draft.id)
    if kept is not None:
        require(by, Act.MANAGE_FEEDS, kept.area_path)
    feed = kept or Feed(id=draft.id, source=source, area_path=by.area_path)
    feed.name, feed.per_minute, feed.active = name, draft.per_minute, draft.active
    feed.made_by_name = by.name
    session.add(feed)
    _tell(session, feed, "changed" if kept else "added")
    return feed


def new_key(session: Session, feed_id: UUID, *, by: Actor) -> str:
    """Make a way's key anew and give it this once; the old one is dead from the commit on."""
    feed = managed(session, feed_id, by)
    key = secrets.token_urlsafe(KEY_BYTES)
    with as_program(session):
        session.merge(FeedKey(feed_id=feed.id, area_path=feed.area_path, digest=_digest(key)))
    _tell(session, feed, "key_made")
    return key


def listed(session: Session) -> Sequence[Feed]:
    """Give the ways in that the asker sees."""
    return session.scalars(select(Feed).order_by(Feed.name, Feed.id)).all()


def managed(session: Session, feed_id: UUID, by: Actor) -> Feed:
    """Give a way in that this person looks after."""
    feed = session.get(Feed, feed_id)
    if feed is None:
        raise Missing("There is no such way in. Reload the page.")
    require(by, Act.MANAGE_FEEDS, feed.area_path)
    return feed


def of_key(session: Session, key: str) -> Feed:
    """Give the way in of a key, in the SYSTEM scope, and hold it until the commit."""
    query = select(Feed).join(FeedKey).where(FeedKey.digest == _digest(key))
    # Held, so that two batches of one feed are counted one after the other.
    feed = session.scalar(query.with_for_update(of=Feed))
    if feed is None:
        raise UnknownKey("This key is not known here. Make a new one on the page of feeds.")
    if not feed.active:
        raise Forbidden("This feed is switched off here.")
    return feed


def of_name(session: Session, name: str) -> Feed:
    """Give the one way in of this name, in the SYSTEM scope, and hold it until the commit."""
    query = select(Feed).where(Feed.name == name, Feed.active).with_for_update(of=Feed)
    found = session.scalars(query).all()
    if len(found) != 1:
        raise Missing(
            "There is no single feed {name} in use. Set it up on the page of feeds.", name=name
        )
    return found[0]


def keep_pace(feed: Feed, readings: int, *, now: datetime) -> None:
    """Count what comes in a minute. Raises Throttled for more than was agreed."""
    running = feed.minute is not None and now - feed.minute < MINUTE
    come = (feed.in_minute if running else 0) + readings
    if come > feed.per_minute:
        raise Throttled(
            "More than {most} readings came in a minute. Nothing of this was kept: send it again"
            " in a minute.",
            most=feed.per_minute,
        )
    feed.in_minute, feed.minute = come, feed.minute if running else now


def note(feed: Feed, taken: Taken, *, now: datetime) -> None:
    """Keep beside a way in what came of its last batch, for whoever looks after it."""
    feed.heard_at = now
    feed.kept += taken.kept
    feed.refused += len(taken.refused)
    if taken.refused:
        feed.last_refusal = str(next(iter(taken.refused.values())))[:LONGEST_REFUSAL]


def _digest(key: str) -> bytes:
    # The key is 256 bits of chance: a slow hash would protect nothing more.
    return sha256(key.encode()).digest()


def _tell(session: Session, feed: Feed, what: str) -> None:
    area = feed.area_path
    audit.record(session, act=f"feed.{what}", subject=feed.id, area_path=area, name=feed.name)
    announce(session, topic=TOPIC, kind=what, ref=feed.id, area_path=area)
