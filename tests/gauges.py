"""Many made-up rain gauges in one street, owners of points under them, and a storm over both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards import shipped
from hazards.duty import service as duty
from hazards.duty.rules import MemberEntry, Roster
from hazards.monitoring.feeds import MOST_PER_MINUTE
from rescue_app.settings import PROJECT
from tests.cast import Cast
from tests.monitoring import way_in
from tests.tasking import load_lists, point, put_points
from tests.world import CITY, GAOSUNTANG, TAIBAI, WANZHOU

SOURCE = "hydro"
FEED = "水文局"
OFFICER = "区县值班"
CORE = 10
"""One gauge of so many stands in the storm's core."""
BATCH = 5_000
MINUTE = timedelta(minutes=1)
STATIONS = text("""
    INSERT INTO monitoring_point (id, source, code, name, address, place, area_path, keeper,
        keeper_phone, facts, synthetic)
    SELECT gen_random_uuid(), :source, 'G' || n, '雨量站 ' || n, '', ST_SetSRID(ST_MakePoint(
        108.31 + n % 50 / 1000.0, 30.79 + n % 20 / 1000.0), 4326), :path, '守' || n,
        '138' || lpad(n::text, 8, '0'), '{}', true
    FROM generate_series(1, :count) AS n
""")
STREAMS = text("""
    INSERT INTO datastream (id, point_id, area_path, property, channel, interval_s,
        silent_after_s, created_at)
    SELECT gen_random_uuid(), id, area_path, 'rain', '', 60, 900, now() - interval '1 day'
    FROM monitoring_point
""")
Told = dict[str, object]


@dataclass(frozen=True, slots=True)
class Storm:
    """How many gauges and owners, how long it rained until now, and how many gauges are dead.

    The dead ones stand in the core: were silence taken for anything, it would show there.
    """

    streams: int
    owners: int
    until: datetime
    minutes: int = 10
    silent: int = 0

    @property
    def dead(self) -> list[int]:
        """Give the numbers of the gauges that say nothing."""
        return [n * CORE for n in range(1, self.silent + 1)]

    @property
    def readings(self) -> int:
        """Count what is said by all."""
        return (self.streams - self.silent) * (self.minutes + 1)

    @property
    def drenched(self) -> int:
        """Count the gauges that tell of a cloudburst."""
        return self.streams // CORE - self.silent

    def rain(self) -> Iterator[list[Told]]:
        """Give what the gauges send: a cloudburst in the core, drizzle around it."""
        speak = sorted(set(range(1, self.streams + 1)) - set(self.dead))
        for ago in range(self.minutes, -1, -1):
            at = (self.until - ago * MINUTE).isoformat()
            told: list[Told] = [
                {"stream": f"G{n}/rain", "at": at, "value": 6.0 if n % CORE == 0 else 0.1}
                for n in speak
            ]
            yield from (told[first : first + BATCH] for first in range(0, len(told), BATCH))


def furnish(sessions: Sessions, cast: Cast, storm: Storm) -> str:
    """Set gauges up in a street, points with owners there and next door; give the gauges' key."""
    load_lists(sessions)
    staff = [MemberEntry(OFFICER, "值班员", "13900000001", cast.units[WANZHOU])]
    with unit_of_work(sessions, SYSTEM) as session:
        shipped.load(session, PROJECT / "data")
        duty.register(session, Roster([], staff, []), area_path=CITY)
        session.execute(STATIONS, {"count": storm.streams, "path": GAOSUNTANG, "source": SOURCE})
        session.execute(STREAMS)
    inside = [point(GAOSUNTANG, storm.until, n, owner_name=f"里{n}", owner_phone=f"137{n:08}")
              for n in range(1, storm.owners + 1)]  # fmt: skip
    outside = point(TAIBAI, storm.until, 1, owner_name="外", owner_phone="13800000000")
    put_points(sessions, [*inside, outside])
    return way_in(sessions, cast.actor("city"), per_minute=MOST_PER_MINUTE)
