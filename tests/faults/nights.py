"""A cluster of its own, the platform's processes before it, and one night after the other."""

import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from gis.store import audit
from gis.store.cluster import Cluster, Urls
from gis.store.engine import make_engine, make_sessions
from rescue_app import schema
from rescue_app.settings import PROJECT
from tests.faults import night
from tests.faults.gateway import Gateway
from tests.faults.lanes import build
from tests.faults.machines import Machines
from tests.faults.night import Outcome
from tests.faults.plan import STORM_S, Plan

KEPT = PROJECT / "build" / "faults"


@dataclass
class Told:
    """What all nights came to."""

    cascades: int = 0
    deeds: int = 0
    sent: int = 0
    parts: int = 0
    blows: dict[str, int] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        """Count a night."""
        self.cascades += outcome.cascades
        self.deeds += int(str(outcome.told.get("deeds", 0)))
        self.sent += int(str(outcome.told.get("sent", 0)))
        self.parts += int(str(outcome.told.get("parts", 0)))
        struck = outcome.told.get("blows")
        for what, count in struck.items() if isinstance(struck, dict) else ():
            self.blows[str(what)] = self.blows.get(str(what), 0) + count

    def so_far(self, count: int) -> str:
        """Say how many of them are through, and about how long the others take."""
        minutes = (time.monotonic() - self.begun) / 60
        left = minutes * (count - self.cascades) / max(self.cascades, 1)
        return f"{self.cascades} of {count} in {minutes:.1f} min, some {left:.0f} min to go"

    def __str__(self) -> str:
        seconds = round(time.monotonic() - self.begun)
        return (
            f"{self.cascades} cascades in {seconds} s: {self.deeds} deeds in {self.sent} requests,"
            f" {self.parts} members' parts; killed or frozen: {self.blows}"
        )


def _let_it_speak(urls: Urls) -> None:
    """Let the server name the statements of a deadlock: nobody's data is here."""
    engine = create_engine(urls.owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET log_error_verbosity = 'default'"))
        connection.execute(text("ALTER SYSTEM SET log_min_error_statement = 'error'"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def _keep_words(machines: Machines, outcome: Outcome) -> None:
    """Keep what the processes said in a night with faults, and what became of each request."""
    place = KEPT / str(outcome.seed)
    place.mkdir(parents=True, exist_ok=True)
    for log in (*machines.home.glob("*.log"), machines.cluster.log):
        shutil.copy(log, place)
    said = "\n".join((*outcome.faults, "", *outcome.story))
    (place / "story.txt").write_text(f"{said}\n")


async def nights(
    plans: Sequence[Plan], *, webs: int, storm_s: float = STORM_S, fast: bool = False
) -> AsyncIterator[Outcome]:
    """Run nights one after the other on one installation; its last act is to walk the audit log."""
    home = Path(tempfile.mkdtemp(prefix="yitong-faults-"))
    cluster = Cluster(home / "cluster", fast=fast)
    cluster.ensure_running()
    urls = cluster.create_database("faults")
    schema.upgrade(urls.owner)
    _let_it_speak(urls)
    owner = create_engine(urls.owner, pool_pre_ping=True)
    machines = Machines(cluster, urls, home)
    try:
        async with Gateway() as gateway:
            engine = make_engine(urls.app)
            lanes = max(len(plan.cascades) for plan in plans)
            city = build(make_sessions(engine), lanes=lanes, gateway_url=gateway.url)
            engine.dispose()
            await machines.start(webs=webs)
            for plan in plans:
                told = {"machines": machines, "city": city, "gateway": gateway, "owner": owner}
                try:
                    outcome = await night.run(plan, storm_s=storm_s, **told)
                except Exception as error:  # noqa: BLE001 - one night that fails leaves the others
                    wrong = f"the night did not come to its end: {error!r}"
                    outcome = Outcome(plan.seed, len(plan.cascades), [wrong])
                    with suppress(TimeoutError):
                        await machines.up()
                with Session(owner) as session:
                    broken = audit.verify(session).broken_at if plan is plans[-1] else None
                if broken is not None:
                    outcome.faults.append(f"the audit log does not fit from line {broken} on")
                if outcome.faults:
                    _keep_words(machines, outcome)
                yield outcome
    finally:
        await machines.end()
        owner.dispose()
        shutil.rmtree(cluster.home, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
