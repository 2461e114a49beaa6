"""A district's patrols come back into the network: what waited on their phones, with photos."""

import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from uuid import UUID

import psycopg
from PIL import Image

from gis.authority import Actor, Role
from gis.store.base import new_id
from gis.store.cluster import Cluster, Urls
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM
from qr_codes.assets import keys, registering, service
from qr_codes.assets.rules import AssetEntry
from rescue_app import schema
from rescue_app.auth import service as auth
from tests.benchmarks.bench_answers import plain
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab
from tests.cast import build_cast
from tests.patrols import NOW, load_reference
from tests.processes import Server
from tests.world import IN_GAOSUNTANG, build_world

VISITS, PHONES, ASSETS = 1000, 8, 100
BY = Actor(NO_ONE, "bench", Role.SYSTEM, "/")
BARE = """CREATE TABLE bare_visit (id uuid PRIMARY KEY, code text, answers text,
    at timestamptz DEFAULT now());
CREATE TABLE bare_photo (id uuid PRIMARY KEY, visit uuid, at timestamptz DEFAULT now())"""
VISIT = "INSERT INTO bare_visit (id, code, answers) VALUES (%s, %s, %s)"
PHOTO = "INSERT INTO bare_photo (id, visit) VALUES (%s, %s)"


@dataclass(frozen=True)
class Waiting:
    """One answer as it waits on a phone, and the picture that goes with it."""

    id: UUID
    photo_id: UUID
    body: dict[str, object]
    picture: bytes


def furnish(urls: Urls) -> tuple[list[str], str]:
    """Fill a database with labelled bridges; give their codes and a patrol's sign-in."""
    engine = make_engine(urls.app)
    sessions = make_sessions(engine)
    load_reference(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        build_world(session)
        keys.ensure(session, secret=b"k" * 32, now=NOW)
        session.flush()
        ring = keys.read(session)
        codes = []
        for number in range(ASSETS):
            entry = AssetEntry("bridge", f"{number}号桥", IN_GAOSUNTANG)
            asset, _ = registering.register(session, asset_id=new_id(), entry=entry, by=BY, now=NOW)
            label = service.issue(session, asset_id=asset.id, ring=ring, by=BY, now=NOW)
            codes.append(label.code)
    account, life = build_cast(sessions).accounts["patrol"], timedelta(days=1)
    with unit_of_work(sessions, SYSTEM) as session:
        token = auth.begin(session, account, agent="bench", now=datetime.now(UTC), life=life)
    engine.dispose()
    return codes, token


def picture(seed: int) -> bytes:
    """Draw what a phone sends: 1,600 by 1,200, every one another."""
    noise = Image.effect_noise((200, 150), 40 + seed % 40).resize((1600, 1200))
    out = io.BytesIO()
    Image.merge("RGB", (noise, noise, noise)).save(out, "JPEG", quality=80)
    return out.getvalue()


def queue(codes: Sequence[str], pictures: Sequence[bytes]) -> list[Waiting]:
    """Give a day's answers anew, each with a photo; one in ten found something bad."""
    waiting = []
    for number in range(VISITS):
        photo, visit = new_id(), new_id()
        at = datetime.now(UTC).isoformat()
        bad = number % 10 == 0
        body: dict[str, object] = {
            "id": str(visit),
            "code": codes[number % len(codes)],
            "outcome": "problem" if bad else "all_normal",
            "answers": {"joints": "yes" if bad else "no"},
            "template_code": "bridge_patrol",
            "template_version": 1,
            "lon": IN_GAOSUNTANG.x,
            "lat": IN_GAOSUNTANG.y,
            "done_at": at,
            "sent_at": at,
            "photos": [{"id": str(photo), "taken_at": at}],
        }
        waiting.append(Waiting(visit, photo, body, pictures[number % len(pictures)]))
    return waiting


def sent(
    line: HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str]
) -> None:
    """Send one thing, and wait until the server answered for it."""
    line.request(method, path, body, headers)
    told = line.getresponse()
    said = told.read()
    if told.status not in {200, 201}:
        raise RuntimeError(f"{told.status} {said.decode()}")


def shared_out(waiting: Sequence[Waiting], work: Callable[[Sequence[Waiting]], None]) -> None:
    """Let every phone send its part, one after the other as phones do."""
    with ThreadPoolExecutor(PHONES) as phones:
        for done in [phones.submit(work, waiting[n::PHONES]) for n in range(PHONES)]:
            done.result()


def written(folder: Path, one: Waiting) -> None:
    """Put the bytes of a picture on the disk for good."""
    with (folder / one.photo_id.hex).open("wb") as file:
        file.write(one.picture)
        file.flush()
        os.fsync(file.fileno())


@benchmark("sync/inspections", unit="rows/s", rows=VISITS)
def sync_inspections(_: Lab) -> Contest:
    """A thousand queued inspections with a photo each from eight phones, every visit and every
    photo acknowledged after its commit, beside bare single-row transactions that write the same
    bytes to the disk."""
    stack = ExitStack()
    home = Path(tempfile.mkdtemp(prefix="yitong-bench-"))
    stack.callback(shutil.rmtree, home)
    cluster = Cluster(home / "cluster")
    cluster.ensure_running()
    stack.callback(cluster.stop)
    urls = cluster.create_database("sync")
    schema.upgrade(urls.owner)
    codes, token = furnish(urls)
    with psycopg.connect(plain(urls.owner), autocommit=True) as base:
        base.execute(BARE)
    server = Server(urls, home=home)
    server.start()
    stack.callback(server.stop)
    pictures = [picture(seed) for seed in range(VISITS)]
    headers = {"cookie": f"yitong_session={token}", "sec-fetch-site": "same-origin"}
    as_json = headers | {"content-type": "application/json"}

    def sync() -> None:
        # The same content lies on the shelf once: every round brings it anew.
        shutil.rmtree(home / "files", ignore_errors=True)
        shared_out(queue(codes, pictures), send)

    def send(part: Sequence[Waiting]) -> None:
        with closing(HTTPConnection("127.0.0.1", server.port)) as line:
            for one in part:
                sent(line, "POST", "/api/v1/inspections", json.dumps(one.body).encode(), as_json)
            for one in part:
                there = f"/api/v1/photos/{one.photo_id}?name=p.jpg"
                sent(line, "PUT", there, one.picture, headers)

    def bare(part: Sequence[Waiting]) -> None:
        with psycopg.connect(plain(urls.owner), autocommit=True) as connection:
            for one in part:
                connection.execute(VISIT, (one.id, one.body["code"], json.dumps(one.body)))
            for one in part:
                written(home, one)
                connection.execute(PHOTO, (one.photo_id, one.id))

    return Contest(
        ours=sync,
        floor=lambda: shared_out(queue(codes, pictures), bare),
        rounds=int(os.environ.get("BENCH_ROUNDS", "3")),
        warm_up=0,
        around=stack,
    )
