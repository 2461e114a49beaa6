"""Keeps the platform's processes alive: one that dies is started again, all end together."""

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from gis.errors import Unavailable

PAUSE_S = 0.2
END_LIMIT_S = 10.0
QUICK_DEATH_S = 5.0
QUICK_DEATHS_ALLOWED = 5
LOG_LIMIT_BYTES = 20_000_000
TAIL_LINES = 15

# Should the supervisor itself be killed, Linux ends its children: none stays behind unwatched.
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM")


@dataclass
class Child:
    """One process to keep alive, and how its last lives went."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C in the terminal is the supervisor's."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.rename(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*DIE_WITH_PARENT, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started = time.monotonic()

    def died(self) -> int | None:
        """Give how the process ended, or None while it lives."""
        return self.process.poll() if self.process else None

    def last_words(self) -> str:
        """Give the end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:])


@dataclass
class Supervisor:
    """Starts children, watches them until told to stop, ends them."""

    children: Sequence[Child]
    say: Callable[[str], None]
    each_round: Callable[[], None] = field(default=lambda: None)
    """What else has to be kept alive; called a few times a second."""

    def start(self, name: str) -> None:
        """Start one child."""
        next(child for child in self.children if child.name == name).start()

    def watch(self, stop: Event) -> None:
        """Start again whatever dies, until `stop` is set."""
        while not stop.wait(PAUSE_S):
            self.each_round()
            for child in self.children:
                ended = child.died()
                if ended is not None and not stop.is_set():
                    self._revive(child, ended)

    def wait_until(self, ready: Callable[[], bool], *, limit_s: float, stop: Event) -> bool:
        """Wait for a sign of life; a child that dies meanwhile is an error at once."""
        until = time.monotonic() + limit_s
        while not ready():
            for child in self.children:
                if child.died() is not None:
                    raise _would_not_live(child)
            if time.monotonic() > until or stop.wait(PAUSE_S / 4):
                return False
        return True

    def end(self) -> None:
        """End all children: asked first, then killed."""
        living = [c.process for c in self.children if c.process and c.process.poll() is None]
        for process in living:
            process.terminate()
        until = time.monotonic() + END_LIMIT_S
        for process in living:
            try:
                process.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _revive(self, child: Child, ended: int) -> None:
        lived_s = time.monotonic() - child.started
        child.quick_deaths = child.quick_deaths + 1 if lived_s < QUICK_DEATH_S else 0
        if child.quick_deaths > QUICK_DEATHS_ALLOWED:
            raise _would_not_live(child)
        self.say(f"{child.name} ended ({ended}); starting it again")
        child.start()


def _would_not_live(child: Child) -> Unavailable:
    return Unavailable(
        "The {name} does not stay up. Its log {log} ends with:\n{said}",
        name=child.name,
        log=child.log,
        said=child.last_words(),
    )
