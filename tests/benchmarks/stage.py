"""A durable database with a small city, one order to many crews, and real servers before it."""

import shutil
import tempfile
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from gis.store.base import new_id
from gis.store.cluster import Cluster
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.duty import service as duty
from hazards.duty.rules import CrewEntry, MemberEntry, Roster, UnitEntry, UnitKind
from rescue_app import schema
from rescue_app.auth import service as auth
from rescue_app.dispatch import laying, reading, service
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.rules import Urgency
from tests.cast import build_cast
from tests.processes import Server
from tests.world import CITY, GAOSUNTANG, build_world


class Stage(AbstractContextManager["Stage"]):
    """What benchmarks of orders stand on: crews with a leader each, and in all of them a member
    who can sign in."""

    def __init__(self, *, crews: int, processes: int = 1, **settings: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="yitong-bench-"))
        self.cluster = Cluster(self.home / "cluster")
        self.cluster.ensure_running()
        self.urls = self.cluster.create_database("orders")
        schema.upgrade(self.urls.owner)
        self.engine = make_engine(self.urls.app)
        self.sessions = make_sessions(self.engine)
        with unit_of_work(self.sessions, SYSTEM) as session:
            build_world(session)
        self.cast = build_cast(self.sessions)
        self.crews = self._register(crews)
        self.servers = [Server(self.urls, home=self.home, **settings) for _ in range(processes)]
        for server in self.servers:
            server.start()

    @property
    def server(self) -> Server:
        """Give the one that is asked."""
        return self.servers[0]

    def _register(self, count: int) -> list[UUID]:
        member = self.cast.accounts["crew"]
        base = UnitEntry("驻地", "Base", UnitKind.BASE, "street", GAOSUNTANG)
        common = MemberEntry(member.name, "队员", "13900000000", base.id, member.id)
        leaders = [MemberEntry(f"{n} 队长", "队长", f"138{n:08}", base.id) for n in range(count)]
        now = datetime.now(UTC)
        crews = [
            CrewEntry(f"{n} 队", f"Crew {n}", base.id, [leader.id, common.id], (), now)
            for n, leader in enumerate(leaders)
        ]
        with unit_of_work(self.sessions, SYSTEM) as session:
            duty.register(session, Roster([base], [common, *leaders], crews), area_path=CITY)
        return [crew.id for crew in crews]

    def token(self, who: str) -> str:
        """Sign a person of the cast in."""
        with unit_of_work(self.sessions, SYSTEM) as session:
            account, life = self.cast.accounts[who], timedelta(days=1)
            return auth.begin(session, account, agent="bench", now=datetime.now(UTC), life=life)

    def order(self, *, calls: bool = True) -> list[UUID]:
        """Order all crews at once, and have them called; give their hops."""
        draft = OrderDraft(
            id=new_id(),
            what="撤离",
            where="沿江路",
            urgency=Urgency.FLASH,
            targets=tuple(Target("crew", crew) for crew in self.crews),
        )
        actor = self.cast.actor("city")
        with unit_of_work(self.sessions, Scope.of(actor)) as session:
            service.issue(session, draft=draft, by=actor, now=datetime.now(UTC))
            hops = [hop.id for hop in reading.hops_of(session, draft.id)]
        if calls:
            laying.lay_out(self.sessions, now=datetime.now(UTC))
        return hops

    def __enter__(self) -> Self:
        """Give the stage, which stands already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear it away."""
        for server in self.servers:
            server.stop()
        self.engine.dispose()
        self.cluster.stop()
        shutil.rmtree(self.cluster.home)
        shutil.rmtree(self.home, ignore_errors=True)
