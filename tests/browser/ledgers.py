"""Files on the stage: one whose columns wait, one that was compared, one that cannot be read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from starlette.testclient import TestClient

from gis.store.base import new_id
from gis.store.cluster import Urls
from gis.store.engine import make_sessions
from rescue_app.worker import make_queue
from tests import inventories, offices
from tests.loops import run_apart

READY = {
    "source": "万州台账", "crs": "EPSG:4326", "longitude": "经度", "latitude": "纬度",
    "f.number": "c:统一编号", "f.name": "c:灾害点名称", "f.category": "v:hidden_danger",
    "f.evidence": "v:historical", "f.hazard_type": "c:灾害类型", "of.hazard_type": "灾害类型",
    "w.hazard_type.0": "landslide", "f.threatened_persons": "c:威胁人数(人)", "go": "1",
}  # fmt: skip


BRIDGES = {
    "source": "演示桥梁", "crs": "EPSG:4326", "longitude": "经度", "latitude": "纬度",
    "f.number": "c:桥梁编号", "f.name": "c:桥梁名称", "f.type": "v:bridge", "go": "1",
    "m.ratings.10": "on",
}  # fmt: skip


def worker(urls: Urls, engine: Engine, home: Path) -> Callable[[], None]:
    """Give what works the queue off."""

    def work() -> None:
        queue = make_queue(urls.app, make_sessions(engine, files_url=str(home / "files")))

        async def run() -> None:
            async with queue.open_async():
                await queue.run_worker_async(wait=False, install_signal_handlers=False)

        run_apart(run())

    return work


def bring(client: TestClient, path: Path, name: str, *, of: str = "points") -> str:
    """Upload a file and give the import's id."""
    address = f"/api/v1/imports/{new_id()}"
    sent = client.put(address, params={"name": name, "of": of}, content=path.read_bytes())
    assert sent.status_code == 201, sent.text
    return str(sent.json()["id"])


def bring_ledgers(client: TestClient, ids: dict[str, str], folder: Path, work: Any) -> None:
    """Bring three files in as the signed-in planner."""
    broken = folder / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    ids["import_ready"] = bring(client, offices.shapefile(folder / "隐患点.zip"), "隐患点.zip")
    ids["import_failed"] = bring(client, broken, "坏表.xlsx")
    ids["import_checked"] = bring(client, offices.workbook(folder / "台账.xlsx"), "台账.xlsx")
    work()
    page = f"/imports/{ids['import_checked']}"
    sent = client.post(f"{page}/columns", data=READY, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    work()
    ids["import_waiting"] = bring(client, offices.shapefile(folder / "再传.zip"), "再传.zip")


def bring_assets(client: TestClient, ids: dict[str, str], folder: Path, work: Any) -> None:
    """Bring lists of assets in: one whose columns wait, one that was compared."""
    drains = inventories.drains(folder / "雨水口.csv", 3, inventories.drain(5, east=0.4))
    bridges = inventories.bridges(folder / "桥梁.csv")
    ids["import_drains"] = bring(client, drains, drains.name, of="assets")
    ids["import_bridges"] = bring(client, bridges, bridges.name, of="assets")
    work()
    page = f"/imports/{ids['import_bridges']}"
    sent = client.post(f"{page}/columns", data=BRIDGES, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    work()
