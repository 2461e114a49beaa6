"""The atlas on A4 and A3: index and pages agree, and nothing is in it that is not the reader's."""

import re
from datetime import UTC, datetime

import pypdfium2 as pdfium
import pytest
from shapely import Point

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points.models import HazardPoint
from rescue_app.papers.asked import Asked, Paper
from rescue_app.web import paper_making
from tests.integration.test_cards import words_of
from tests.integration.test_evacuations import act
from tests.ledger import entered
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, WANZHOU

__all__ = ["act"]


@pytest.fixture
def made(act, sessions):
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
        found = paper_making.made(
            lambda: unit_of_work(sessions, SYSTEM), asked, now=datetime.now(UTC),
            step=lambda *told: done.append(told),
        )  # fmt: skip
        assert done[-1][0] == done[-1][1] > 0
        return pdfium.PdfDocument(found.content)

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
    today = datetime.now(UTC).date().isoformat()[:7]
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
