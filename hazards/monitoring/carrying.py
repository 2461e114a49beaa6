"""Messages of a broker become readings: a whole batch in one transaction, each message once.

A message is done with when this returned: it was kept, known already, or refused with a reason
that whoever looks after the feed can read. What raises has to be tried again.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import orjson
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from gis.errors import Forbidden, Missing, Rejected, Throttled
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.monitoring import feeds, receipts, service, topics
from hazards.monitoring.models import Feed
from hazards.monitoring.sensorthings import addresses, arrays, changing
from hazards.monitoring.sensorthings.shapes import ObservationIn
from hazards.monitoring.sensorthings.writing import Writer
from hazards.monitoring.service import Sent, Taken
from hazards.monitoring.topics import BrokerMapping, Message, TopicMapping

ROOT = "v1.1/"
TOO_MANY = "This message holds more readings than its feed may bring in a minute: {most}."
NOT_KEPT = "A sign or number in this cannot be kept. Nothing was saved. Correct it and send again."


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
        _keep_of(partial(_kept, sessions, name, client=how.client, now=now), mine, whole)
    return whole


def _keep_of(kept: Callable[..., Taken], mine: Mine, whole: Kept) -> None:
    """Keep one feed's messages together; where one holds the others up, each by itself."""
    try:
        _add(whole, mine, kept(mine))
    except (DataError, Throttled):
        for one in mine:
            try:
                _add(whole, [one], _kept_alone(kept, one))
            except Throttled:
                return


def _kept_alone(kept: Callable[..., Taken], one: tuple[Message, TopicMapping]) -> Taken:
    try:
        return kept([one])
    except DataError:
        return kept([], problems=[Rejected(NOT_KEPT)])


def _kept(
    sessions: Sessions, name: str, mine: Mine, *, client: str, now: datetime,
    problems: Sequence[Rejected] = (),
) -> Taken:  # fmt: skip
    with unit_of_work(sessions, SYSTEM) as session:
        feed = feeds.of_name(session, name)
        bare = [message for message, known in mine if known.may_lack_a_time]
        before = receipts.known(session, bare, client=client)
        new = [one for one in mine if not (one[0].again and one[0].number in before)]
        sent, refused = _sent(session, feed, new)
        refused += problems
        if len(sent) > feed.per_minute and len(mine) == 1:
            refused.append(Rejected(TOO_MANY, most=feed.per_minute))
            sent = []
        feeds.keep_pace(feed, len(sent), now=now)
        area = feed.area_path
        taken = service.take(session, sent, source=feed.source, area_path=area, now=now)
        taken.refused |= dict(enumerate(refused, len(sent)))
        feeds.note(feed, taken, now=now)
        receipts.keep(session, bare, client=client)
        return taken


def _sent(session: Session, feed: Feed, mine: Mine) -> tuple[list[Sent], list[Rejected]]:
    """Read messages, and look the streams that they number up by one question."""
    refused: list[Rejected] = []
    read: list[tuple[Message, Sequence[Sent] | ObservationIn]] = []
    for message, known in mine:
        try:
            read.append((message, _read(message, known)))
        except Rejected as problem:
            refused.append(problem)
    said = [one for _, one in read if isinstance(one, ObservationIn)]
    streams = arrays.streams(session, feed, {one.stream.id for one in said if one.stream})
    sent: list[Sent] = []
    for message, one in read:
        try:
            sent += _of_streams(Writer(session, feed, message.heard_at), streams, one)
        except (Missing, Forbidden, Rejected) as problem:
            refused.append(Rejected(problem.text, **problem.values))
    return sent, refused


def _read(message: Message, known: TopicMapping) -> Sequence[Sent] | ObservationIn:
    if known.kind != "sensorthings":
        return topics.sent(known, message.topic, message.payload, now=message.heard_at)
    try:
        told = orjson.loads(message.payload)
        return changing.observation(addresses.read(message.topic.rpartition(ROOT)[2]), told)
    except orjson.JSONDecodeError as error:
        raise Rejected("This is not JSON. Nothing was kept.") from error
    except Missing as problem:
        raise Rejected(problem.text, **problem.values) from problem


def _of_streams(
    writer: Writer, streams: arrays.Streams, one: Sequence[Sent] | ObservationIn
) -> Sequence[Sent]:
    return [arrays.as_sent(writer, streams, one)] if isinstance(one, ObservationIn) else one


def _add(whole: Kept, mine: Mine, part: Taken) -> None:
    whole.done += [message for message, _ in mine]
    whole.taken.kept += part.kept
    whole.taken.same += part.same
    whole.taken.flagged.update(part.flagged)
    whole.taken.refused |= dict(enumerate(part.refused.values(), len(whole.taken.refused)))
