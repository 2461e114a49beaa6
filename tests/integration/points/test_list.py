"""The list: what a filter means, in which order, how many there are, and what is refused."""

import re

import pytest

from gis.authority import Role
from tests.world import CITY, IN_SHUANGJIANG, IN_TAIBAI, TAIBAI, WANZHOU, YUNYANG

TAI = {"longitude": IN_TAIBAI.x, "latitude": IN_TAIBAI.y}
SHUANG = {"longitude": IN_SHUANGJIANG.x, "latitude": IN_SHUANGJIANG.y}


@pytest.fixture
def ledger(desk, enter):
    """Four points: two in Wanzhou's streets, two in Yunyang."""
    enter(desk, name="A 滑坡", number="W-1", threatened_persons=1200, address="高笋塘 1 组")
    enter(desk, name="B 100%", number="W-2", threatened_persons=3, hazard_type="collapse", **TAI)
    enter(desk, name="C_c", number="Y-1", threatened_persons=600, category="critical", **SHUANG)
    enter(desk, name="D", number="Y-2", threatened_persons=None, evidence="possible", **SHUANG)
    return desk


def names(client, question: str = "") -> list[str]:
    answer = client.get(f"/api/v1/points?{question}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["total"] == len(found["items"]) or "size" in question
    return [item["name"][0] for item in found["items"]]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", "ACBD"),
        ("sort=name", "ABCD"),
        ("sort=-name", "DCBA"),
        ("sort=-persons", "ACBD"),
        ("sort=number", "ABCD"),
        ("sort=-changed", "DCBA"),
        ("grade=I&grade=II", "AC"),
        ("category=critical", "C"),
        ("evidence=possible", "D"),
        ("hazard_type=collapse", "B"),
        ("area=500101", "AB"),
        (f"area={WANZHOU}", "AB"),
        (f"area={TAIBAI}", "B"),
        ("area=500235&grade=II", "C"),
        ("q=100%25", "B"),
        ("q=c_c", "C"),
        ("q=W-", "AB"),
        ("q=w-", "AB"),
        ("q=高笋塘", "A"),
        ("q=滑坡%20高笋塘%E3%80%80w", "A"),
        ("q=滑坡%20100", ""),
        ("state=approved", "ACBD"),
        ("state=delisted", ""),
        ("q=&category=&grade=&area=&sort=name", "ABCD"),
        ("bbox=108.3,30.7,108.5,30.9", "AB"),
        ("sort=name&size=3&page=1", "ABC"),
        ("sort=name&size=3&page=2", "D"),
        ("sort=name&size=3&page=3", ""),
        ("sort=-persons&size=1&page=3", "B"),
        ("sort=-name&size=1&page=4", "A"),
    ],
)
def test_a_filter_means_what_it_says(ledger, question, found):
    assert "".join(names(ledger, question)) == found


@pytest.mark.parametrize(
    "wrong",
    [
        "category=nice",
        "grade=V",
        "page=0",
        "page=x",
        "size=5001",
        "sort=owner_phone",
        "state=draft",
        "area=999999",
        "bbox=1,2,3",
        "bbox=nan,nan,nan,nan",
        "bbox=109,30,108,31",
        "surprise=1",
        f"q={'x' * 201}",
        "q=%00",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(ledger, wrong):
    assert ledger.get(f"/api/v1/points?{wrong}").status_code == 422


def test_each_sees_his_own_area(ledger, sign_in):
    for role, area, found in [
        (Role.PLANNER, WANZHOU, "AB"),
        (Role.OBSERVER, YUNYANG, "CD"),
        (Role.STREET_COMMANDER, TAIBAI, "B"),
        (Role.CITY_COMMANDER, CITY, "ABCD"),
    ]:
        sign_in(ledger, role, area)
        assert "".join(names(ledger, "sort=name")) == found


def test_features_say_how_many_there_are(ledger):
    found = ledger.get("/api/v1/points.geojson?size=5").json()
    assert (found["type"], found["numberReturned"]) == ("FeatureCollection", 4)
    assert found["numberMatched"] == 4
    found = ledger.get("/api/v1/points.geojson?size=2").json()
    assert len(found["features"]) == found["numberReturned"] == 2
    assert "numberMatched" not in found
    worst = found["features"][0]
    assert worst["geometry"] == {"type": "Point", "coordinates": [108.35, 30.8]}
    assert worst["properties"]["grade"] == "I"


def test_unchanged_features_are_not_sent_again_to_the_same_eyes(ledger, sign_in):
    address = "/api/v1/points.geojson?size=5"
    seen = {"if-none-match": ledger.get(address).headers["etag"]}
    assert ledger.get(address, headers=seen).status_code == 304
    sign_in(ledger, Role.PLANNER, WANZHOU)
    assert ledger.get(address, headers=seen).json()["numberReturned"] == 2


def test_nobody_reads_the_ledger_without_signing_in(ledger):
    ledger.cookies.clear()
    assert ledger.get("/api/v1/points").status_code == 401
    assert ledger.get("/api/v1/points.geojson").status_code == 401


def test_the_words_for_hazards_come_in_their_order(ledger):
    types = ledger.get("/api/v1/hazard-types").json()
    assert types[0] == {
        "code": "landslide",
        "name_zh": "滑坡",
        "name_en": "Landslide",
        "family": "geological",
        "active": True,
    }


def test_searching_a_filtered_list_keeps_its_filters_and_each_shows_as_a_chip(desk):
    shape = "POLYGON((108 30,109 30,109 31,108 31,108 30))"
    asked = {
        "grade": ["I", "II"],
        "owner": "李明",
        "as_of": "2026-05-01",
        "polygon": shape,
        "buffer_m": "50",
    }
    html = desk.get("/points", params=asked, headers={"accept": "text/html"}).text
    search = re.search(r'<form class="list-tools".*?</form>', html, re.DOTALL)[0]
    kept = re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', search)
    for name, value in [
        ("grade", "I"),
        ("grade", "II"),
        ("owner", "李明"),
        ("as_of", "2026-05-01"),
        ("polygon", shape),
    ]:
        assert (name, value) in kept
    chips = re.findall(r'<a class="chip" href="([^"]*)" aria-current="true">([^<]*)', search)
    assert [text for _, text in chips] == [
        "I 级",
        "II 级",
        "责任人：李明",
        "截至日期 2026-05-01",
        "图上圈定的范围",
    ]
    without = dict(zip([text for _, text in chips], [href for href, _ in chips], strict=True))
    assert "buffer_m" not in without["图上圈定的范围"]
    form = re.search(r'<form class="filter-form".*?</form>', html, re.DOTALL)[0]
    assert 'name="polygon"' in form
    assert 'value="李明"' in form


@pytest.mark.parametrize(
    ("address", "status", "zh", "en"),
    [
        ("/points/no-such-id", 404, "没有这个页面。核对地址。", "There is no such page."),
        ("/points?page=x", 422, "page：应为整数", "page: has to be a whole number"),
        ("/points?size=90000&nonsense=1", 422, "nonsense：没有这一项", "size: is too large"),
        ("/points?category=volcano", 422, "category.0：不在可选范围内", "is none of those offered"),
    ],
)
def test_a_bad_address_is_told_in_the_readers_words(desk, address, status, zh, en):
    for lang, told in (("zh", zh), ("en", en)):
        desk.cookies.set("yitong_lang", lang)
        answer = desk.get(address, headers={"accept": "text/html"})
        assert answer.status_code == status
        assert told in answer.text
        assert "Input should" not in answer.text
