"""What readings are tried with: two stations of a source, and a way in for it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from gis import exchange
from gis.authority import Actor
from gis.exchange.importing.mapping import Mapping
from gis.exchange.importing.report import Report
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.judging import publishing
from hazards.monitoring import feeds, properties, service
from hazards.monitoring.feeds import FeedDraft
from hazards.monitoring.importing import stations
from hazards.monitoring.models import MonitoringPoint
from hazards.monitoring.service import Sent
from qr_codes.sightings import loader
from qr_codes.sightings import service as sightings
from qr_codes.sightings.rules import Event
from rescue_app.settings import PROJECT
from tests.world import IN_GAOSUNTANG

DATA = PROJECT / "data" / "monitoring"
NOW = datetime(2026, 7, 1, 4, tzinfo=UTC)
HEAD = "number,name,lon,lat,property,interval"
LIST = (
    "YB-1,龙宝雨量站,108.35,30.80,降雨量,5",
    "YB-1,龙宝雨量站,108.35,30.80,water_level,5",
    "YB-2,双江雨量站,108.90,30.95,rain,60",
)
MAPPING = Mapping.model_validate(
    {
        "source": "hydro",
        "crs": "EPSG:4326",
        "longitude": "lon",
        "latitude": "lat",
        "fields": {
            "number": "number",
            "name": "name",
            "property": "property",
            "interval_min": "interval",
        },
    }
)


def list_of(folder: Path, *rows: str) -> Path:
    path = folder / "stations.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    return path


def bring(
    sessions: Sessions,
    folder: Path,
    by: Actor,
    *rows: str,
    apply: bool = True,
    source: str = "hydro",
) -> Report:
    with unit_of_work(sessions, SYSTEM) as session:
        properties.load(session, DATA / "properties.yaml")
        publishing.load(session, DATA / "rules.yaml")
    with unit_of_work(sessions, Scope.of(by)) as session:
        table = exchange.read(list_of(folder, *rows))
        how = MAPPING.model_copy(update={"source": source})
        return stations.bring_in(session, table=table, mapping=how, by=by, now=NOW, apply=apply)


def way_in(sessions: Sessions, by: Actor, *, per_minute: int = 1000) -> str:
    draft = FeedDraft("水文局", "hydro", per_minute)
    with unit_of_work(sessions, Scope.of(by)) as session:
        feeds.keep(session, draft, by=by)
        return feeds.new_key(session, draft.id, by=by)


def measured(sessions: Sessions, folder: Path, by: Actor) -> str:
    """Let two stations measure for three hours, with odd readings among them; give one's id."""
    bring(sessions, folder, by, *LIST)
    way_in(sessions, by)
    now = datetime.now(UTC)
    sent = [
        Sent(stream, now - timedelta(minutes=5 * n), value)
        for n in range(36)
        for stream, value in (("YB-1/rain", n % 7 / 2), ("YB-1/water_level", 2 + n / 50))
    ]
    odd = [Sent("YB-1/rain", now - timedelta(minutes=7), "NA"), Sent("YB-1/rain", now, 999)]
    with unit_of_work(sessions, SYSTEM) as session:
        service.take(session, [*sent, *odd], source="hydro", area_path="/", now=now)
        station = select(MonitoringPoint.id).where(MonitoringPoint.code == "YB-1")
        return str(session.scalars(station).one())


def shadow_taken_for_water(sessions: Sessions) -> None:
    """Let a camera tell of something that is too doubtful to send anybody."""
    now = datetime.now(UTC)
    seen = Event("e1", "street_ponding", now, IN_GAOSUNTANG, confidence=0.4, camera="牌楼 3 号")
    with unit_of_work(sessions, SYSTEM) as session:
        loader.load(session, DATA / "sightings.yaml")
        sightings.take(session, seen, source="video", area_path="/", now=now)
