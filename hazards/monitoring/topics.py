"""Which message of a broker is which feed's and how it is written: a mapping says. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from gis.errors import Rejected
from gis.exchange.importing import mapping as mapping_file
from hazards.monitoring import wire
from hazards.monitoring.service import Sent

KINDS = {"json": wire.JSON, "senml": wire.SENML, "csv": wire.CSV}
MOST_BYTES = 4_000_000
PLACE = re.compile(r"\{(\d+)\}")


@dataclass(frozen=True, slots=True)
class Message:
    """What came under a topic, and when we heard it.

    `number` is what the broker knows it by until it is confirmed, `again` that it was sent before.
    """

    topic: str
    payload: bytes
    heard_at: datetime
    number: int = 0
    again: bool = False


class Strict(BaseModel):
    """A part of a mapping in which an unknown word is a slip."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TopicMapping(Strict):
    """Topics of one feed: `+` stands for one level, `#` for all that follow.

    A plain value's stream is named by levels of its topic, counted from 1: `{2}/{3}`.
    """

    topic: str = Field(min_length=1, max_length=500)
    feed: str = Field(min_length=1)
    kind: Literal["json", "senml", "csv", "value", "sensorthings"]
    stream: str = ""
    unit: str | None = None

    @field_validator("stream")
    @classmethod
    def named_by_levels(cls, words: str) -> str:
        """Hold that a level is one of the topic's."""
        if any(int(n) < 1 for n in PLACE.findall(words)):
            raise ValueError("levels of a topic are counted from 1")
        return words

    @property
    def may_lack_a_time(self) -> bool:
        """Tell whether a message may be of the moment at which it is heard."""
        return self.kind not in {"json", "csv"}

    def meets(self, topic: str) -> bool:
        """Tell whether a message's topic is one of these."""
        asked, said = self.topic.split("/"), topic.split("/")
        for n, level in enumerate(asked):
            if level == "#":
                return True
            if n >= len(said) or level not in {"+", said[n]}:
                return False
        return len(asked) == len(said)


class BrokerMapping(Strict):
    """What is listened to at a broker; `client` is by what name it knows and waits for us."""

    client: str = Field(default="yitong", min_length=1, max_length=60)
    topics: tuple[TopicMapping, ...] = Field(min_length=1)

    def of(self, topic: str) -> TopicMapping | None:
        """Give how a topic is read: the first that meets it says."""
        return next((one for one in self.topics if one.meets(topic)), None)


def load(path: Path) -> BrokerMapping:
    """Read a mapping; a mistake in it is told with its place."""
    return mapping_file.read(path, BrokerMapping)


def sent(how: TopicMapping, topic: str, payload: bytes, *, now: datetime) -> Sequence[Sent]:
    """Read a message. Raises Rejected for one that is not what its mapping says."""
    if len(payload) > MOST_BYTES:
        raise Rejected("This is more than is taken here at once. Send less.")
    if how.kind != "value":
        return wire.read(payload, kind=KINDS[how.kind], now=now)
    levels = topic.split("/")
    if any(int(n) > len(levels) for n in PLACE.findall(how.stream)):
        raise Rejected("The topic {topic} has fewer levels than its mapping names.",
                       topic=topic[:200])  # fmt: skip
    stream = PLACE.sub(lambda found: levels[int(found[1]) - 1], how.stream)
    value = payload.decode("utf-8", errors="replace").replace("\0", "").strip()
    return [Sent(stream, now, value, how.unit)]
