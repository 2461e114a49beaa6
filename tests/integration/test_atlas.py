"""Atlas and brief: index and pages agree, numbers are the ledger's, nobody's phone unasked."""

import re
from datetime import UTC, datetime, timedelta

import pypdfium2 as pdfium
import pytest
from shapely import Point
from sqlalchemy import select, update
from typer.testing import CliRunner

from gis.areas.placing import day_of
from gis.errors import Missing
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.events.models import DisasterEvent
from hazards.evidence.models import EvidenceProposal, EvidenceSearch
from hazards.points.models import HazardPoint
from hazards.tasks.models import Task
from rescue_app.commands.papers import app
from rescue_app.papers.asked import Asked, Paper
from rescue_app.web import paper_making
from tests.integration.test_cards import words_of
from tests.integration.test_evacuations import act
from tests.ledger import entered
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, WANZHOU

__all__ = ["act"]


@pytest.fixture
def made(act, sessions, tmp_path):
    """Two streets with points, more than a page of them in one; make a paper of them."""
    first = entered(sessions, name="坡0号", owner_name="王建国", owner_phone="13700002222")
    entered(sessions, name="太白危岩", longitude=IN_TAIBAI.x, latitude=IN_TAIBAI.y)
    with unit_of_work(sessions, SYSTEM) as session:
        like = session.get_one(HazardPoint, first)
        same = {name: getattr(like, name) for name in HazardPoint.__table__.c.keys()}  # noqa: SIM118 - its values are columns
        session.add_all(
            HazardPoint(**same | {
                "id": new_id(), "name": f"坡{number}号", "number": f"N-{number:03d}",
                "place": Point(IN_GAOSUNTANG.x, IN_GAOSUNTANG.y + number / 2_000)})
            for number in range(1, 60)
        )  # fmt: skip

    def make(paper=Paper.ATLAS, under=WANZHOU, **more):
        asked = Asked(paper, under, "http://x", "119", who="万规划", **more)
        done = []
        file = tmp_path / "paper"
        paper_making.made(
            lambda: unit_of_work(sessions, SYSTEM), asked, file, now=datetime.now(UTC),
            step=lambda *told: done.append(told),
        )  # fmt: skip
        assert done[-1][0] == done[-1][1] > 0
        return pdfium.PdfDocument(file.read_bytes())

    return make


def test_the_index_names_the_page_on_which_each_street_begins(made):
    for size, wide_mm in (("a4", 210), ("a3", 297)):
        check(made(size=size, private=True), wide_mm)


def check(pdf, wide_mm):
    assert {round(page.get_width() / 72 * 25.4) for page in pdf} == {wide_mm}
    pages = words_of(pdf)
    assert "灾害隐患图册" in pages[0]
    index = dict(re.findall(r"(高笋塘街道|太白街道)(\d)(?=61|60|1)", pages[1]))
    for street, number in index.items():
        assert pages[int(number) - 1].startswith(street)
    assert len(index) == 2
    first, second = (int(index[name]) for name in ("高笋塘街道", "太白街道"))
    listed = "".join(pages[first - 1 : second - 1])
    assert all(f"坡{number}号" in listed for number in range(60))
    assert "13700002222" in listed
    assert "119" in pages[-1]
    assert "万州区指挥中心" in pages[-1]
    today = day_of(datetime.now(UTC)).isoformat()[:7]
    for number, text in enumerate(pages, start=1):
        assert today in text
        assert "万规划制作" in text
        assert re.search(rf"制作(演示数据)?{number}|{number}$", text)


def test_an_atlas_of_a_street_has_no_phone_unless_it_is_asked_for(made):
    text = "".join(words_of(made(under=GAOSUNTANG)))
    assert "坡7号" in text
    assert "王建国" in text
    assert "13700002222" not in text
    assert "太白危岩" not in text


def waiting(point):
    """A list that is overdue at a point, a place that records propose, and a record."""
    here = {"area_path": GAOSUNTANG}
    long_ago = datetime(2011, 3, 4, tzinfo=UTC)
    yield Task(subject_id=point.id, template_code="x", template_version=1, period="p", mode="peace",
               role="patrol", person="覃巡查", from_at=long_ago, due_at=long_ago, synthetic=False,
               **here)  # fmt: skip
    made = EvidenceSearch(id=new_id(), family="geological", method="x", parameters={}, vintage={},
                          seed=1, result={}, at=long_ago, by_id=new_id(), by_name="x",
                          **here)  # fmt: skip
    yield made
    yield EvidenceProposal(search_id=made.id, searched_path=WANZHOU, family="geological",
                           evidence="high_frequency", hazard_type="landslide", place=point.place,
                           event_ids=[new_id() for _ in range(3)], keys=[],
                           facts={"settlement": "塘上社区", "settlement_en": ""},
                           state="open", found_at=datetime.now(UTC), **here)  # fmt: skip
    yield DisasterEvent(source="t", source_id="1", hazard_type="landslide", title="x", raw={},
                        happened_at=datetime.now(UTC), time_precision="day", place=point.place,
                        synthetic=False, **here)  # fmt: skip


def test_the_brief_is_one_page_with_numbers_what_changed_and_what_waits(made, sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        point = session.scalars(select(HazardPoint).where(HazardPoint.name == "坡0号")).one()
        for one in waiting(point):
            session.add(one)
            session.flush()  # the proposal needs its search
    (said,) = words_of(made(Paper.BRIEF, locale="en"))
    assert "thereisnofigureofamonthago" in said
    assert "(+" not in said
    with unit_of_work(sessions, SYSTEM) as session:
        long_known = update(HazardPoint).where(HazardPoint.id == point.id)
        session.execute(
            long_known.values(
                version=HazardPoint.version + 1, created_at=datetime.now(UTC) - timedelta(days=365)
            )
        )
    numbers = ("61(+61)", "7,320(+7,320)", "2011-03-04", "坡0号", "覃巡查", "8of60")
    for locale in ("zh", "en"):
        (said,) = words_of(made(Paper.BRIEF, locale=locale))
        for told in numbers[: None if locale == "en" else -1]:
            assert told in said, told
    for told in ("Wanzhou", "Overduethelongest", "3records", "High-frequency",
                 "Gaosuntang·塘上社区"):  # fmt: skip
        assert told in said, told
    (said,) = words_of(made(Paper.BRIEF, under="/500000/500235/"))
    assert "坡" not in said
    for told in ("没有逾期。", "一个月来没有新增。", "没有待定的提议。", "这些年没有记录。"):
        assert told in said, told


def test_every_paper_is_made_by_a_command(made, database, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database.owner)
    monkeypatch.setenv("YITONG_APP_DATABASE_URL", database.app)
    monkeypatch.setenv("YITONG_HOME", str(tmp_path))
    for words, name in (
        (("cards", "--work"), "cards.pdf"), (("map",), "map.html"),
        (("atlas", "--a3"), "atlas.pdf"), (("brief", "--english"), "brief.pdf"),
    ):  # fmt: skip
        file = tmp_path / name
        ran = CliRunner().invoke(app, [*words, str(file), "--area", "500101001"])
        assert (ran.exception, file.read_bytes()[:2] in (b"%P", b"<!")) == (None, True)
    ran = CliRunner().invoke(app, ["brief", str(tmp_path / "x.pdf"), "--area", "7"])
    assert isinstance(ran.exception, Missing)
