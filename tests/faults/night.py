"""One night: orders go down while everything breaks; then the line is good, and all is counted."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from hazards.calls.models import CallEvent
from tests.faults import digits, members, replay
from tests.faults.digits import Thumbs
from tests.faults.gateway import Gateway
from tests.faults.lanes import City
from tests.faults.machines import Machines
from tests.faults.people import Commander, Night, Person, crowd
from tests.faults.plan import Plan
from tests.faults.wall import Wall
from tests.faults.wire import Wire

LOOKS = 2
"""So often everybody looks at his phone after the storm; then whoever is silent stays so."""
STUCK_S = 60
"""So long nothing may move: then something hangs, however slow the machine is."""
LOOK_S = 0.4


@dataclass
class Outcome:
    """What a night came to."""

    seed: int
    cascades: int
    faults: list[str] = field(default_factory=list)
    told: dict[str, object] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)
    """What became of each request, in turn."""


@dataclass
class Stage:
    """Who and what a night has."""

    night: Night
    cast: Sequence[Commander | Person]
    people: Sequence["asyncio.Task[None]"]
    wall: Wall
    owner: Engine
    thumbs: Thumbs


async def run(
    plan: Plan,
    *,
    machines: Machines,
    city: City,
    gateway: Gateway,
    owner: Engine,
    storm_s: float,
) -> Outcome:
    """Run a night and count what is wrong with it."""
    begun, blows, died = time.monotonic(), dict(machines.blows), len(machines.died)
    knots = machines.deadlocks()
    machines.begin()
    async with Wire(machines.ports, seed=plan.seed, passes=machines.passes) as wire:
        night = Night(city, wire.port, plan.seed)
        gateway.fates = night.fates
        wall = Wall(wire.port, city.token)
        with Session(owner) as session:
            thumbs = Thumbs(wire.port, night.fates, *digits.gateway_of(session))
            session.expunge_all()
        gateway.hears = thumbs.hear
        watching = asyncio.create_task(wall.live())
        cast = crowd(night, plan.cascades)
        people = [asyncio.create_task(each.live()) for each in cast]
        strikes = [asyncio.create_task(machines.strike(blow)) for blow in plan.blows]
        await asyncio.sleep(storm_s)
        await asyncio.gather(*strikes)
        await machines.up()
        await wire.settled()
        faults = await _until_quiet(Stage(night, cast, people, wall, owner, thumbs))
        for each in people:
            each.cancel()
        watching.cancel()
    with _at_one_moment(owner) as session:
        parts = members.given(session, night)
        night.pressed = {number: who for number, (_, who) in thumbs.ids(session).items()}
        faults += thumbs.faults(session)
        faults += replay.faults(session, night, gateway.heard) + wall.missed(session)
    logged = machines.deadlocks()
    knots = logged - knots if logged >= knots else logged  # a log that grew too long begins anew
    faults += [f"transactions waited for each other {knots} times"] if knots else []
    struck = {k: n - blows.get(k, 0) for k, n in machines.blows.items() if n - blows.get(k, 0)}
    told: dict[str, object] = {
        "deeds": len(night.notes.deeds),
        "parts": parts,
        "digits": len(thumbs.said),
        "sent": sum(deed.tries for deed in night.notes.deeds.values()),
        "blows": struck,
        "line": {fate: n for fate, n in wire.fates.items() if n},
        "wall_lines": wall.lines,
        "died": machines.died[died:],
        "seconds": round(time.monotonic() - begun, 1),
    }
    return Outcome(plan.seed, len(plan.cascades), list(dict.fromkeys(faults)), told, wire.story)


def _at_one_moment(owner: Engine) -> Session:
    """Look at all tables as of one moment: between two looks a level may be climbed over."""
    return Session(owner.execution_options(isolation_level="REPEATABLE READ"))


async def _until_quiet(stage: Stage) -> list[str]:
    """Wait until everybody was heard and every silence was climbed; a standstill is a fault."""
    working = asyncio.create_task(_to_the_end(stage))
    before, since = (-1, -1, -1), time.monotonic()
    while not working.done():
        await asyncio.wait([working], timeout=LOOK_S)
        now = await asyncio.to_thread(_marks, stage)
        if now != before:
            before, since = now, time.monotonic()
        elif time.monotonic() - since > STUCK_S:
            working.cancel()
            waiting = stage.night.notes.waiting
            left = [f"{deed.kind} {deed.path} was never answered" for deed in waiting]
            left += await asyncio.to_thread(_moving, stage)
            return [*left, f"nothing moved for {STUCK_S} s"]
    await working
    return []


async def _to_the_end(stage: Stage) -> None:
    await _until_curfew(stage.night, stage.cast)
    await asyncio.gather(*stage.people)
    while not stage.thumbs.still or await asyncio.to_thread(_restless, stage):
        await asyncio.sleep(LOOK_S)


def _marks(stage: Stage) -> tuple[int, int, int]:
    """Give what rises as long as anything moves."""
    told = sum(deed.status is not None for deed in stage.night.notes.deeds.values())
    looks = (
        0
        if stage.night.curfew.is_set()
        else sum(p.looks for p in stage.cast if isinstance(p, Person))
    )
    with Session(stage.owner) as session:
        lines = session.scalar(select(func.count()).select_from(CallEvent)) or 0
    return told, looks, lines


async def _until_curfew(night: Night, cast: Sequence[Commander | Person]) -> None:
    """Let every order go out, and everybody look a few times more."""
    while any(deed.kind == "issued" for deed in night.notes.waiting):
        await asyncio.sleep(LOOK_S)
    phones = {each: each.looks for each in cast if isinstance(each, Person)}
    while any(each.looks < before + LOOKS for each, before in phones.items()):
        await asyncio.sleep(LOOK_S)
    night.curfew.set()


def _restless(stage: Stage) -> bool:
    return bool(_moving(stage))


def _moving(stage: Stage) -> list[str]:
    with _at_one_moment(stage.owner) as session:
        behind = ["the wall is behind"] if stage.wall.behind(session) else []
        return replay.moving(session, stage.night) + behind
