"""How long each rung of the ladders took, and who took the call: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hazards.calls.rules import RungKind
from rescue_app.review.rules import Spread, spread

YES = "yes"


@dataclass(frozen=True, slots=True)
class Rung:
    """One person on one ladder; without `called_at` it was never his turn.

    `took` is set for whoever's answer ended the ladder. `over_at` is when its turn ended unheard:
    the rung's own time, or the end of the whole call.
    """

    kind: RungKind
    name: str
    called_at: datetime | None
    over_at: datetime
    answered_at: datetime | None
    answer: str | None
    took: bool


@dataclass(frozen=True, slots=True)
class RungLine:
    """All rungs of one kind. `called = yes + cannot + silent + waiting`."""

    kind: RungKind
    called: int
    yes: int
    cannot: int
    silent: int
    waiting: int
    took: int
    times: Spread | None


def lines(rungs: Iterable[Rung], *, now: datetime) -> list[RungLine]:
    """Count rungs by their kind, in the order in which people are called."""
    called = [rung for rung in rungs if rung.called_at is not None]
    made = [_line(kind, [one for one in called if one.kind is kind], now) for kind in RungKind]
    return [line for line in made if line.called]


def _line(kind: RungKind, rungs: list[Rung], now: datetime) -> RungLine:
    heard = [rung for rung in rungs if rung.answered_at is not None]
    unheard = [rung for rung in rungs if rung.answered_at is None]
    yes = sum(rung.answer == YES for rung in heard)
    silent = sum(rung.over_at < now for rung in unheard)
    return RungLine(
        kind,
        called=len(rungs),
        yes=yes,
        cannot=len(heard) - yes,
        silent=silent,
        waiting=len(unheard) - silent,
        took=sum(rung.took for rung in rungs),
        times=spread(time for rung in heard if (time := _time(rung)) is not None),
    )


def _time(rung: Rung) -> timedelta | None:
    """Give how long his answer took; one that came before he was called took none."""
    if rung.called_at is None or rung.answered_at is None or rung.answered_at < rung.called_at:
        return None
    return rung.answered_at - rung.called_at
