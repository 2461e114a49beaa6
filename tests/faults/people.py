"""Who takes part in a cascade: people with phones who answer, pass on, go, or stay silent."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid5

from tests.faults.fate import Fates
from tests.faults.lanes import City, Lane
from tests.faults.phone import Deed, Notebook, Unheard, ask
from tests.faults.plan import COMMAND, CREW, ROLES, Cascade, Habit, Manner, Start, Turn

LOOKS_EVERY_S = 1.0
LOOKS_A_SECOND = 40
"""No more of them for all phones together: the platform is to be broken, not drowned."""
ON_SITE = ("moving", "arrived", "working", "done")
OURS = ("district", "deputy")
"""How those are called whose hops a district takes back; of who was climbed over they are not."""
WHY = "路断了"
CREATED = 201


@dataclass
class Night:
    """What all people of a night share."""

    city: City
    port: int
    seed: int
    notes: Notebook = field(default_factory=Notebook)
    orders: dict[UUID, Cascade] = field(default_factory=dict)
    curfew: asyncio.Event = field(default_factory=asyncio.Event)
    errors: list[str] = field(default_factory=list)
    fates: Fates = field(init=False)
    pressed: dict[UUID, UUID] = field(default_factory=dict)
    """Who pressed a digit, by the number under which it stands in the logs."""

    def __post_init__(self) -> None:
        self.fates = Fates(self.seed)

    async def tell(self, token: str, deed: Deed) -> int:
        """Say something until it is heard."""
        return await self.notes.tell(self.port, token, deed)


@dataclass(eq=False)
class Commander:
    """Gives one order, changes it, ends it."""

    night: Night
    lane: Lane
    cascade: Cascade

    def __post_init__(self) -> None:
        self.mark = self.night.fates.mark(self.lane.number, "issued")
        self.order_id = self.night.fates.number(self.mark)

    async def live(self) -> None:
        """Issue at the hour, then do what the plan says."""
        await asyncio.sleep(self.cascade.at_s)
        self.night.orders[self.order_id] = self.cascade
        token, by = self.night.city.token, self.night.city.commander
        body = {
            "id": str(self.order_id),
            "what": "撤离",
            "where": f"{self.lane.number} 区沿江路",
            "urgency": self.cascade.urgency,
            "answer_within_s": self.cascade.within_s,
            "targets": self._targets(),
        }
        order = Deed(self.mark, self.order_id, by, "issued", self.order_id, "/api/v1/orders", body)
        await self.night.tell(token, order)
        for turn in self.cascade.turns:
            await asyncio.sleep(turn.at_s)
            await self.night.tell(token, self._turn(turn, by))

    def _targets(self) -> list[str]:
        named = self.lane.targets
        if self.cascade.start is Start.CREWS:
            return [named["crew_a"], named["crew_b"], named["mate_a"]]
        return [named[self.cascade.start]]

    def _turn(self, turn: Turn, by: UUID) -> Deed:
        mark = self.night.fates.mark(self.lane.number, turn.kind)
        change = self.night.fates.number(mark)
        body = {"id": str(change), "kind": turn.kind, "why": "水涨了"}
        if turn.kind == "amended":
            body["where"] = f"{self.lane.number} 区后山"
        path = f"/api/v1/orders/{self.order_id}/changes"
        return Deed(mark, change, by, turn.kind, self.order_id, path, body)


@dataclass(eq=False)
class Person:
    """One of a lane with a phone in hand."""

    night: Night
    lane: Lane
    role: str
    cascade: Cascade
    order_id: UUID
    looks: int = 0
    known: set[tuple[str, str]] = field(default_factory=set)
    doing: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.whose = self.lane.number, self.role
        self.account, self.token = self.lane.people[self.role], self.lane.tokens[self.role]

    @property
    def habit(self) -> Habit:
        """How this person is tonight."""
        return self.cascade.habits[self.role]

    def clock(self) -> datetime:
        """Read the phone's own clock, which is wrong."""
        return datetime.now(UTC) + self.habit.skew

    async def live(self) -> None:
        """Look at the phone now and then, and take each call once."""
        every_s = max(LOOKS_EVERY_S, len(self.night.city.lanes) * len(ROLES) / LOOKS_A_SECOND)
        await asyncio.sleep(self.night.fates.dice(*self.whose, "begins").uniform(0, every_s))
        while not self.night.curfew.is_set():
            mark = self.night.fates.mark(*self.whose, "looks")
            with contextlib.suppress(Unheard):
                await self._look(mark)
            await asyncio.sleep(every_s * self.night.fates.of(mark).uniform(0.8, 1.2))
        await asyncio.gather(*self.doing)

    async def _look(self, mark: str) -> None:
        status, calls = await ask(self.night.port, "GET", "/api/v1/calls", self.token, mark=mark)
        if status >= 500:
            return
        if status != 200:
            self.night.errors.append(f"{self.role} may not read his calls: {status}")
            return
        self.looks += 1
        for call in calls:
            key = call["id"], call["called_as"]
            if key not in self.known and str(self.order_id) in call["page"]:
                self.known.add(key)
                self.doing.add(asyncio.create_task(self._take(call)))

    async def _take(self, call: dict[str, Any]) -> None:
        manner = self.habit.manner
        mark = self.night.fates.mark(*self.whose, call["topic"], call["called_as"])
        dice = self.night.fates.of(mark)
        if manner is Manner.SILENT or dice.random() < 0.5:
            await self._receipt(call, mark)
        await asyncio.sleep(self.habit.after_s)
        if manner is Manner.SILENT:
            return
        if call["topic"] in ("order_change", "member_change"):
            await self._answer(call, "yes")
        elif call["called_as"] == "superior":
            if self.habit.steps_in:
                await self._answer(call, "yes")
        elif manner is Manner.CANNOT:
            await self._say(call, "cannot")
        else:
            await self._say(call, "accepted")
            if self.role == "crew_a" and call["topic"] == "order":
                self.doing.add(asyncio.create_task(self._tell_off(call)))
            await (self._pass_on(call) if self.role in COMMAND else self._go(call, dice))

    async def _receipt(self, call: dict[str, Any], mark: str) -> None:
        body = {"receipts": [{"call_id": call["id"], "kind": "seen", "rungs": call["rungs"]}]}
        path = "/api/v1/calls/receipts"
        with contextlib.suppress(Unheard):
            told = f"{mark} receipt"
            await ask(self.night.port, "POST", path, self.token, body, mark=told)

    async def _say(self, call: dict[str, Any], kind: str) -> int:
        """Answer on the call's page or on the order's, as this person likes it."""
        if self.habit.by_call:
            return await self._answer(call, "yes" if kind == "accepted" else kind)
        return await self._step(call, kind)

    async def _answer(self, call: dict[str, Any], says: str) -> int:
        body = {"says": says, "rungs": call["rungs"], "done_at": self.clock().isoformat()}
        body |= {"why": WHY} if says == "cannot" else {}
        path = f"/api/v1/calls/{call['id']}/answers"
        return await self._tell(says, call, path, body)

    async def _step(self, call: dict[str, Any], kind: str) -> int:
        body = {"kind": kind, "done_at": self.clock().isoformat()}
        body |= {"note": WHY} if kind == "cannot" else {}
        whose = "parts" if call["topic"] == "member" else "hops"
        return await self._tell(kind, call, f"/api/v1/{whose}/{call['ref']}/steps", body)

    async def _tell(self, kind: str, call: dict[str, Any], path: str, body: dict[str, Any]) -> int:
        mark = self.night.fates.mark(*self.whose, kind)
        number = self.night.fates.number(mark)
        deed = Deed(mark, number, self.account, kind, UUID(call["ref"]), path, body)
        body["id"] = str(deed.id)
        return await self.night.tell(self.token, deed)

    async def _tell_off(self, call: dict[str, Any]) -> None:
        """Give one's mate a part; change it or think better of it, sometimes."""
        mark = self.night.fates.mark(*self.whose, "part_given")
        dice, number = self.night.fates.of(mark), self.night.fates.number(mark)
        words = {"members": [{"member_id": str(self.lane.mate), "words": "守住桥头"}]}
        path = f"/api/v1/hops/{call['ref']}/members"
        body = {"id": str(number)} | words
        given = Deed(mark, number, self.account, "part_given", UUID(call["ref"]), path, body)
        if await self.night.tell(self.token, given) != CREATED:
            return
        part = str(uuid5(number, str(self.lane.mate)))
        about, path = dict(call, ref=part), f"/api/v1/parts/{part}"
        if dice.random() < 0.3:
            await asyncio.sleep(dice.uniform(0, 2))
            await self._tell("part_changed", about, f"{path}/change", {"words": "改守桥尾"})
        if dice.random() < 0.2:
            await asyncio.sleep(dice.uniform(0, 2))
            await self._tell("part_taken_back", about, f"{path}/take-back", {"note": "改派"})

    async def _pass_on(self, call: dict[str, Any]) -> None:
        named = self.lane.targets
        crews = [named["crew_a"], named["crew_b"], named["mate_a"]]
        below = crews if self.role == "street" else [named["street"]]
        path = f"/api/v1/hops/{call['ref']}/pass-down"
        await self._tell("passed_down", call, path, {"targets": below})
        after_s = self.cascade.take_back_after_s
        if self.role == "district" and after_s is not None:
            await asyncio.sleep(after_s)
            await self._take_back(call)

    async def _take_back(self, call: dict[str, Any]) -> None:
        with contextlib.suppress(Unheard):
            path = f"/api/v1/orders/{self.order_id}"
            mark = self.night.fates.mark(*self.whose, "reads")
            status, order = await ask(self.night.port, "GET", path, self.token, mark=mark)
            for hop in order["hops"] if status == 200 else ():
                if hop["parent_id"] != call["ref"] or not hop["giver_name"].startswith(OURS):
                    continue
                path = f"/api/v1/hops/{hop['id']}/take-back"
                told = dict(call, ref=hop["id"])
                await self._tell("taken_back", told, path, {"kind": "cancelled", "note": "不用了"})

    async def _go(self, call: dict[str, Any], dice: Random) -> None:
        """Say how far one is: in order, or as an outbox empties itself after a tunnel."""
        steps = list(ON_SITE)
        if self.habit.shuffles:
            dice.shuffle(steps)
            await asyncio.gather(*(self._step(call, kind) for kind in steps))
            return
        for kind in steps:
            await self._step(call, kind)
            await asyncio.sleep(dice.uniform(0, 0.3))


def crowd(night: Night, cascades: Sequence[Cascade]) -> list[Commander | Person]:
    """Bring together everybody who takes part tonight."""
    everybody: list[Commander | Person] = []
    for lane, cascade in zip(night.city.lanes, cascades, strict=False):
        giver = Commander(night, lane, cascade)
        everybody.append(giver)
        everybody += [
            Person(night, lane, role, cascade, giver.order_id) for role in (*COMMAND, *CREW)
        ]
    return everybody
