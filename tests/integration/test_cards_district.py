"""A district's cards: as many as there are, street by street, and a killed worker begins again."""

import os
import re
import signal
import subprocess
import sys
import zipfile
from io import BytesIO

import pypdfium2 as pdfium
import pytest
from sqlalchemy import func, select

from gis.store.engine import unit_of_work
from gis.store.files import StoredFile
from gis.store.scope import SYSTEM
from rescue_app.jobs.models import Job
from rescue_app.jobs.stalled import take_up_stalled
from rescue_app.papers.models import CardPrinted
from rescue_app.settings import PROJECT
from rescue_app.web import paper_gathering
from rescue_app.worker import make_queue
from tests.integration.test_cards import HTML, point, words_of
from tests.integration.test_evacuations import act, home
from tests.integration.test_jobs import run_worker
from tests.ledger import entered
from tests.loops import run_apart
from tests.world import IN_TAIBAI, WANZHOU

__all__ = ["act", "point", "run_worker"]
KILLED = """
import sys, threading
from rescue_app import features
from rescue_app.jobs.running import Work
from rescue_app.papers import printing
from rescue_app.web import paper_gathering
from rescue_app.worker import work

paper_gathering.PER_FILE, printing.AT_ONCE = 3, 1
told = Work.progress

def progress(self, *, done, **more):
    told(self, done=done, **more)
    if done >= 4:
        print("in the middle", flush=True)
        threading.Event().wait()  # until it is killed

Work.progress = progress
work(app_url=sys.argv[1], files_url=sys.argv[1])
"""


@pytest.fixture
def street_by_street(act, point, sessions, monkeypatch):
    """Two households in one street, five in the other, and files of three cards at most."""
    monkeypatch.setattr(paper_gathering, "PER_FILE", 3)
    entered(sessions, name="太白危岩", longitude=IN_TAIBAI.x, latitude=IN_TAIBAI.y)
    homes = [home(n, lon=IN_TAIBAI.x, lat=IN_TAIBAI.y) for n in range(11, 16)]
    body = {"source": "taibai", "households": homes}
    assert act("planner", "PUT", "/api/v1/households", body).status_code == 200
    asked = {"paper": "refuge", "under": WANZHOU}
    assert act("planner", "POST", "/papers", data=asked, headers=HTML).status_code == 303


def fetched(act):
    page = act("planner", "GET", "/papers", headers=HTML).text
    (file,) = re.findall(r'href="(/files/[^"]+)"', page)
    return act("planner", "GET", file).content


def check(content):
    """Hold that every household has its card once, and no file two streets."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        texts = ["".join(words_of(pdfium.PdfDocument(archive.read(one)))) for one in names]
    assert names == [
        "001-万州区_高笋塘街道.pdf", "002-万州区_太白街道.pdf", "003-万州区_太白街道.pdf",
    ]  # fmt: skip
    cards = [sorted(re.findall(r"沿江路(\d+)号", text)) for text in texts]
    assert cards[0] == ["1", "2"]
    assert len(cards[1]) == 3
    assert sorted(cards[1] + cards[2]) == ["11", "12", "13", "14", "15"]


def test_more_cards_than_a_file_holds_come_street_by_street(
    act, street_by_street, run_worker, sessions
):
    run_worker()
    check(fetched(act))
    with unit_of_work(sessions, SYSTEM) as session:
        job = session.scalars(select(Job).where(Job.kind == "papers.make")).one()
        assert (job.state, job.done, job.total) == ("done", 7, 7)


def test_a_batch_whose_worker_is_killed_in_the_middle_is_made_again_and_nothing_twice(
    act, street_by_street, run_worker, sessions, database, tmp_path
):
    script = tmp_path / "killed_worker.py"
    script.write_text(KILLED)
    worker = subprocess.Popen(
        [sys.executable, str(script), database.app], cwd=PROJECT, stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(PROJECT)}, text=True,
    )  # fmt: skip
    assert any("in the middle" in line for line in worker.stdout)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    count = select(func.count()).select_from(CardPrinted)
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(count) == 0, "what nobody got was not printed"
    queue = make_queue(database.app, sessions)

    async def take_up():
        async with queue.open_async():
            await take_up_stalled(queue, after_s=0.0)

    run_apart(take_up())
    run_worker()
    check(fetched(act))
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalar(count) == 7
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
        job = session.scalars(select(Job).where(Job.kind == "papers.make")).one()
        assert (job.state, job.attempts) == ("done", 2)
