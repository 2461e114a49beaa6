"""Takes readings in: each is kept once with what is odd about it, or refused with the reason."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from gis.errors import Rejected
from hazards.monitoring import repository, words
from hazards.monitoring.repository import Stream
from hazards.monitoring.rules import Flag, Judged, Said, Tail, judged


@dataclass(frozen=True, slots=True)
class Sent:
    """A reading as a station sends it; `stream` is `code/property` or `code/property/channel`."""

    stream: str
    at: object
    value: object
    unit: str | None = None


@dataclass(slots=True)
class Taken:
    """What became of a batch. Rows are counted from 0, as they were sent."""

    kept: int = 0
    same: int = 0
    flagged: Counter[Flag] = field(default_factory=Counter)
    refused: dict[int, Rejected] = field(default_factory=dict)


def take(
    session: Session, sent: Sequence[Sent], *, source: str, area_path: str, now: datetime
) -> Taken:
    """Keep a batch in the SYSTEM scope: all that can be understood, in one transaction."""
    taken = Taken()
    names = {one.stream for one in sent}
    streams = repository.held(session, source=source, names=names, area_path=area_path)
    understood: dict[str, list[Said]] = defaultdict(list)
    for n, one in enumerate(sent):
        try:
            said = _said(one, streams.get(one.stream), now=now)
        except Rejected as problem:
            taken.refused[n] = problem
        else:
            understood[one.stream].append(said)
    _keep(session, [(streams[name], said) for name, said in understood.items()], taken, now=now)
    return taken


def _said(one: Sent, stream: Stream | None, *, now: datetime) -> Said:
    if stream is None:
        raise Rejected(
            "There is no stream {name} of this source. Bring its station in first.",
            name=one.stream[: words.LONGEST],
        )
    if isinstance(one.at, datetime):
        at = words.possible(one.at, now=now)
    else:
        at = words.moment(one.at, now=now)
    return words.said(one.value, unit=one.unit, units=stream.units, at=at)


def _keep(
    session: Session, said: Sequence[tuple[Stream, list[Said]]], taken: Taken, *, now: datetime
) -> None:
    # Nothing is believed after a stream's last believed reading: what is new is not looked up.
    old = {
        stream.number: [one.at for one in them if stream.tail and one.at <= stream.tail.at]
        for stream, them in said
    }
    known = repository.known(session, old)
    rows: list[tuple[int, Judged]] = []
    tails: dict[int, Tail | None] = {}
    for stream, them in sorted(said, key=lambda pair: pair[0].number):
        made, tails[stream.number] = judged(
            stream.limits,
            stream.tail,
            them,
            known=known[stream.number],
            interval=stream.interval,
            now=now,
        )
        rows += [(stream.number, one) for one in made]
    taken.kept = repository.keep(session, rows, tails, now=now)
    taken.same = len(rows) - taken.kept
    taken.flagged.update(flag for _, one in rows for flag in Flag if flag & one.flags)
