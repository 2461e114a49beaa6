"""What arrives together is done together: while one lot is at work, the next one collects.

A quiet hour has lots of one and waits for nothing. In a rush a lot is what came in while the
last one was written, so that a thousand crews who answer at once cost a few dozen commits.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

Work = Callable[[Sequence[Item]], Sequence[Outcome | Exception]]


class Gathering(Generic[Item, Outcome]):
    """Hands what waits to `work` in a thread, one lot at a time; each item has its own outcome."""

    def __init__(self, work: Work[Item, Outcome], *, most: int) -> None:
        self._work, self._most = work, most
        self._waiting: list[tuple[Item, asyncio.Future[Outcome]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def ask(self, item: Item) -> Outcome:
        """Give one item in and wait for its outcome, which comes after the commit."""
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, outcome))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        return await outcome

    async def _run(self) -> None:
        while self._waiting:
            lot, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            for (_, asked), outcome in zip(lot, await self._done(lot), strict=True):
                if asked.done():  # who asked has gone; what he said is written all the same
                    continue
                if isinstance(outcome, Exception):
                    asked.set_exception(outcome)
                else:
                    asked.set_result(outcome)

    async def _done(
        self, lot: Sequence[tuple[Item, asyncio.Future[Outcome]]]
    ) -> Sequence[Outcome | Exception]:
        try:
            return await asyncio.to_thread(self._work, [item for item, _ in lot])
        except Exception as error:  # noqa: BLE001 - handed on to each who asked
            return [error] * len(lot)
