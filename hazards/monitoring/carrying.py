"""Messages of a broker become readings: a whole batch in one transaction, each message once.

A message is done with when this returned: it was kept, known already, or refused with a reason
that whoever looks after the feed can read. What raises has to be tried again.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from gis.errors import Forbidden, Missing, Rejected, Throttled
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.monitoring import feeds, service, topics
from hazards.monitoring.models import Feed
from hazards.monitoring.sensorthings import addresses, changing
from hazards.monitoring.sensorthings.writing import Writer
from hazards.monitoring.service import Sent, Taken
from hazards.monitoring.topics import BrokerMapping, TopicMapping

ROOT = "v1.1/"
TOO_MANY = "This message holds more readings than its feed may bring in a minute: {most}."
NOT_KEPT = "A sign or number in this cannot be kept. Nothing was saved. Correct it and send again."


@dataclass(frozen=True, slots=True)
class Message:
    """What came under a topic, and when we heard it."""

    topic: str
    payload: bytes
    heard_at: datetime


@dataclass(slots=True)
class Kept:
    """Which messages are done with, and what became of their readings."""

    done: list[Message] = field(default_factory=list)
    taken: Taken = field(default_factory=Taken)


Mine = Sequence[tuple[Message, TopicMapping]]


def keep(
    sessions: Sessions, messages: Sequence[Message], how: BrokerMapping, *, now: datetime
) -> Kept:
    """Keep messages, feed by feed; what runs ahead of its feed's pace is not done yet."""
    whole = Kept()
    by_feed: dict[str, list[tuple[Message, TopicMapping]]] = defaultdict(list)
    for message in messages:
        if known := how.of(message.topic):
            by_feed[known.feed].append((message, known))
        else:
            whole.done.append(message)
    for name, mine in by_feed.items():
        _keep_of(sessions, name, mine, whole, now=now)
    return whole


def _keep_of(sessions: Sessions, name: str, mine: Mine, whole: Kept, *, now: datetime) -> None:
    """Keep one feed's messages together; where one holds the others up, each by itself."""
    try:
        _add(whole, mine, _kept(sessions, name, mine, now=now))
    except (DataError, Throttled):
        for one in mine:
            try:
                _add(whole, [one], _kept_alone(sessions, name, one, now=now))
            except Throttled:
                return


def _kept(sessions: Sessions, name: str, mine: Mine, *, now: datetime) -> Taken:
    with unit_of_work(sessions, SYSTEM) as session:
        feed = feeds.of_name(session, name)
        sent: list[Sent] = []
        refused: list[Rejected] = []
        for message, known in mine:
            try:
                sent += _sent(session, feed, message, known)
            except Rejected as problem:
                refused.append(problem)
        if len(sent) > feed.per_minute and len(mine) == 1:
            refused.append(Rejected(TOO_MANY, most=feed.per_minute))
            sent = []
        feeds.keep_pace(feed, len(sent), now=now)
        area = feed.area_path
        taken = service.take(session, sent, source=feed.source, area_path=area, now=now)
        taken.refused |= dict(enumerate(refused, len(sent)))
        feeds.note(feed, taken, now=now)
        return taken


def _kept_alone(
    sessions: Sessions, name: str, one: tuple[Message, TopicMapping], *, now: datetime
) -> Taken:
    try:
        return _kept(sessions, name, [one], now=now)
    except DataError:
        taken = Taken(refused={0: Rejected(NOT_KEPT)})
        with unit_of_work(sessions, SYSTEM) as session:
            feeds.note(feeds.of_name(session, name), taken, now=now)
        return taken


def _sent(session: Session, feed: Feed, message: Message, known: TopicMapping) -> Sequence[Sent]:
    if known.kind != "sensorthings":
        return topics.sent(known, message.topic, message.payload, now=message.heard_at)
    try:
        told = orjson.loads(message.payload)
    except orjson.JSONDecodeError as error:
        raise Rejected("This is not JSON. Nothing was kept.") from error
    try:
        address = addresses.read(message.topic.rpartition(ROOT)[2])
        return [changing.as_sent(Writer(session, feed, message.heard_at), address, told)]
    except (Missing, Forbidden) as problem:
        raise Rejected(problem.text, **problem.values) from problem


def _add(whole: Kept, mine: Mine, part: Taken) -> None:
    whole.done += [message for message, _ in mine]
    whole.taken.kept += part.kept
    whole.taken.same += part.same
    whole.taken.flagged.update(part.flagged)
    whole.taken.refused |= dict(enumerate(part.refused.values(), len(whole.taken.refused)))
