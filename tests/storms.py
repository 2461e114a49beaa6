"""A made-up storm over many rain gauges, and whom it wakes: readings by HTTP to called owners.

`python -m tests.storms --streams 50000 --minutes 10` sends it whole and says how long all took.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy import select, text

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards import shipped
from hazards.alerts import ringing
from hazards.alerts.models import Alert
from hazards.calls.models import Call
from hazards.duty import service as duty
from hazards.duty.rules import MemberEntry, Roster
from hazards.judging import proposing
from hazards.judging.live import Judge
from hazards.monitoring.feeds import MOST_PER_MINUTE
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import PROJECT
from tests.cast import Cast
from tests.monitoring import way_in
from tests.tasking import load_lists, point, put_points
from tests.world import CITY, GAOSUNTANG, TAIBAI, WANZHOU

SOURCE = "hydro"
MINUTE = timedelta(minutes=1)
CORE = 10
"""One gauge of so many stands in the storm's core."""
BATCH = 5_000
STATIONS = text("""
    INSERT INTO monitoring_point (id, source, code, name, address, place, area_path, keeper,
        keeper_phone, facts, synthetic)
    SELECT gen_random_uuid(), :source, 'G' || n, '雨量站 ' || n, '', ST_SetSRID(ST_MakePoint(
        108.31 + n % 50 / 1000.0, 30.79 + n % 20 / 1000.0), 4326), :path, '', '', '{}', true
    FROM generate_series(1, :count) AS n
""")
STREAMS = text("""
    INSERT INTO datastream (id, point_id, area_path, property, channel, interval_s,
        silent_after_s)
    SELECT gen_random_uuid(), id, area_path, 'rain', '', 60, 900 FROM monitoring_point
""")
Post = Callable[[str, object, dict[str, str]], object]


@dataclass(slots=True)
class Woken:
    """Who was called in the end, and how long each step took."""

    approvers: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Take the time of a step."""
        begun = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begun


def furnish(sessions: Sessions, cast: Cast, *, streams: int, owners: int, now: datetime) -> str:
    """Set gauges up in a street, points with owners there and next door; give the gauges' key."""
    load_lists(sessions)
    staff = [MemberEntry("区县值班", "值班员", "13900000001", cast.units[WANZHOU])]
    with unit_of_work(sessions, SYSTEM) as session:
        shipped.load(session, PROJECT / "data")
        duty.register(session, Roster([], staff, []), area_path=CITY)
        session.execute(STATIONS, {"count": streams, "path": GAOSUNTANG, "source": SOURCE})
        session.execute(STREAMS)
    inside = [point(GAOSUNTANG, now, n, owner_name=f"里{n}", owner_phone=f"139{n:08}")
              for n in range(1, owners + 1)]  # fmt: skip
    outside = point(TAIBAI, now, 1, owner_name="外", owner_phone="13800000000")
    put_points(sessions, [*inside, outside])
    return way_in(sessions, cast.actor("city"), per_minute=MOST_PER_MINUTE)


def rain(streams: int, *, minutes: int, until: datetime) -> Iterator[list[dict[str, object]]]:
    """Give what the gauges send: a cloudburst in the core, drizzle around it."""
    for ago in range(minutes, -1, -1):
        at = (until - ago * MINUTE).isoformat()
        told = [{"stream": f"G{n}/rain", "at": at, "value": 6.0 if n % CORE == 0 else 0.1}
                for n in range(1, streams + 1)]  # fmt: skip
        yield from (told[first : first + BATCH] for first in range(0, streams, BATCH))


def send(
    sessions: Sessions, post: Post, cast_token: str, key: str, *,
    streams: int, minutes: int, now: datetime,
) -> Woken:  # fmt: skip
    """Let it rain over HTTP, judge, propose, approve, and see who was called."""
    woken = Woken()
    with woken.step("readings over HTTP"):
        for batch in rain(streams, minutes=minutes, until=now):
            post("/api/v1/readings", {"readings": batch}, {"authorization": f"Bearer {key}"})
    judge, later = Judge(), now + timedelta(minutes=5)
    with woken.step("judged, with the day read anew"):
        judge.look(sessions, now=later)
    with woken.step("proposed, and the approver called"):
        proposing.look(sessions, now=later)
    woken.approvers = called(sessions, ringing.TOPIC)
    with woken.step("approved, and every owner called"):
        for alert in drafts(sessions):
            who = {"cookie": f"{COOKIE}={cast_token}", "sec-fetch-site": "same-origin"}
            post(f"/api/v1/alerts/{alert}/issue", None, who)
    with woken.step("the approver let go"):
        proposing.look(sessions, now=later + MINUTE)
    woken.owners = called(sessions, "alert")
    return woken


def drafts(sessions: Sessions) -> list[str]:
    """Give the warnings that wait for approval."""
    with unit_of_work(sessions, SYSTEM) as session:
        return [str(one) for one in session.scalars(select(Alert.id).filter_by(state="draft"))]


def called(sessions: Sessions, topic: str) -> list[str]:
    """Give what each open call of a topic says."""
    with unit_of_work(sessions, SYSTEM) as session:
        query = select(Call.text_zh).where(Call.topic == topic, Call.over_at.is_(None))
        return sorted(session.scalars(query))


def main(
    streams: Annotated[int, typer.Option(min=CORE)] = 50_000,
    minutes: Annotated[int, typer.Option(min=9)] = 10,
    owners: Annotated[int, typer.Option(min=1)] = 1_000,
) -> None:
    """Send a whole storm to a real server and say how long each step took."""
    from tests.benchmarks.stage import Stage

    with Stage(crews=1) as stage:
        now = datetime.now(UTC)
        asked = {"streams": streams, "owners": owners, "now": now}
        key, token = furnish(stage.sessions, stage.cast, **asked), stage.token("city")
        with closing(http.client.HTTPConnection("127.0.0.1", stage.server.port)) as line:
            woken = send(stage.sessions, by(line), token, key,
                         streams=streams, minutes=minutes, now=now)  # fmt: skip
    for name, seconds in woken.seconds.items():
        typer.echo(f"{seconds:8.1f} s  {name}")
    rows = streams * (minutes + 1)
    typer.echo(
        f"{rows:,} readings; {len(woken.approvers)} approvers and {len(woken.owners)} called"
    )


def by(line: http.client.HTTPConnection) -> Post:
    """Give a way to send on one line, that fails loudly."""

    def post(path: str, body: object, headers: dict[str, str]) -> object:
        told = headers | {"content-type": "application/json"}
        line.request("POST", path, json.dumps(body), told)
        answer = line.getresponse()
        said = answer.read()
        if answer.status >= http.client.BAD_REQUEST:
            raise RuntimeError(said[:300])
        return said

    return post


if __name__ == "__main__":
    typer.run(main)
