"""Exposure of a place by one call: its sums are those of the list, and nobody else's."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from shapely import Point
from typer.testing import CliRunner

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.cli import build
from rescue_app.evacuation.models import Household
from tests.ledger import entered
from tests.patrols import labelled
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, TAIBAI, WANZHOU

pytestmark = pytest.mark.usefixtures("world")
HTML = {"accept": "text/html"}
# The east half of Gaosuntang and the west quarter of Taibai.
DRAWN = "POLYGON((108.35 30.7,108.425 30.7,108.425 30.9,108.35 30.9,108.35 30.7))"


@pytest.fixture
def ground(street, sessions):
    """Two points, a bridge and two households; signed in as the planner of Wanzhou."""
    labelled(street.sign_in("street"))
    entered(sessions, longitude=108.36, threatened_persons=600)
    entered(sessions, name="西坡", longitude=108.31, threatened_persons=20)
    with unit_of_work(sessions, SYSTEM) as session:
        for area, place, people in ((GAOSUNTANG, Point(108.37, 30.8), 4), (TAIBAI, IN_TAIBAI, 3)):
            session.add(
                Household(
                    id=new_id(), source="test", source_id=area, area_path=area, place=place,
                    head="冉", phone="", address="一组", people=people, frail=1, needs="",
                    changed_at=datetime.now(UTC), changed_by_name="test",
                )
            )  # fmt: skip
    street.sign_in("planner")
    return street


def asked(street, **question):
    answer = street.client.get("/api/v1/exposure", params=question)
    assert answer.status_code == 200, answer.text
    return answer.json()


def looked(street, path, **question):
    answer = street.client.get(path, params=question, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_people_come_by_the_share_of_each_street_and_points_as_the_list_has_them(ground):
    found = asked(ground, polygon=DRAWN)
    parts = {one["area_path"]: (round(one["share"], 2), one["people"]) for one in found["streets"]}
    assert parts == {GAOSUNTANG: (0.5, 500), TAIBAI: (0.25, 250)}
    assert found["people"] == 750
    assert "areal weighting" in found["method"]
    summary = ground.client.get("/api/v1/points/summary", params={"polygon": DRAWN}).json()
    listed = ground.client.get("/api/v1/points", params={"polygon": DRAWN}).json()
    assert found["points"] == summary
    assert found["points"]["total"] == 1 == len(listed["items"])
    assert found["households"] == {"households": 1, "people": 4, "frail": 1}
    assert found["assets"] == {"bridge": 1}


def test_an_area_is_asked_for_whole_and_only_within_ones_own(ground):
    found = asked(ground, area=WANZHOU)
    assert (found["people"], found["points"]["total"]) == (2000, 2)
    assert found["households"]["households"] == 2
    assert found["assets"] == {"bridge": 1}
    outside = ground.client.get("/api/v1/exposure", params={"area": "/500000/500235/"})
    assert outside.status_code == 404
    nowhere = ground.client.get("/api/v1/exposure")
    assert nowhere.status_code == 422


def test_the_register_of_households_stays_closed_to_whoever_may_not_read_it(ground):
    ground.sign_in("patrol")
    found = asked(ground, polygon=DRAWN)
    assert found["households"] is None
    # Nor is a street that is not one's own in the sum.
    assert [one["area_path"] for one in found["streets"]] == [GAOSUNTANG]
    assert "只对指挥和规划人员开放" in looked(ground, "/exposure", polygon=DRAWN)


def test_panel_sheet_and_table_say_the_same(ground):
    panel = looked(ground, "/map/inside", polygon=DRAWN)
    sheet = looked(ground, "/exposure", polygon=DRAWN)
    for page in (panel, sheet):
        assert "面积加权" in page
        assert ">750<" in page.replace("<b>", "").replace("</b>", "")
    table = ground.client.get("/exposure.csv", params={"polygon": DRAWN}).content.decode(
        "utf-8-sig"
    )
    rows = {(part, which): number for part, which, number, _ in csv.reader(io.StringIO(table))}
    assert rows["人口（按街镇）", "高笋塘街道"] == "500"
    assert rows["人口（估算）", ""] == "750"


def test_the_place_of_an_incident_is_asked_for_by_its_id(ground):
    said = {"title": "后坡滑动", "hazard_type": "landslide", "told_by": "周老伯"}
    place = {"lon": IN_GAOSUNTANG.x, "lat": IN_GAOSUNTANG.y}
    body = {"id": str(new_id())} | place | said
    made = ground.sign_in("street").post("/api/v1/incidents", json=body)
    assert made.status_code == 201, made.text
    found = asked(ground, incident=made.json()["id"], buffer_m=2000)
    assert found["title"] == "后坡滑动"
    assert found["area_km2"] == pytest.approx(12.5, abs=0.2)
    assert found["points"]["total"] == 1


def test_the_command_says_the_same_as_json(ground, database, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database.owner)
    monkeypatch.setenv("YITONG_APP_DATABASE_URL", database.app)
    monkeypatch.setenv("YITONG_HOME", str(tmp_path))
    said = CliRunner().invoke(build("exposure"), ["exposure", "--area", "500101001"])
    assert json.loads(said.output)["people"] == 1000


BOWTIE = "POLYGON((108.30 30.75,108.40 30.85,108.40 30.75,108.30 30.85,108.30 30.75))"
FLAT = "POLYGON((108.3 30.75,108.4 30.75,108.35 30.75,108.3 30.75))"
HOLED = f"{DRAWN[:-1]},(108.36 30.75,108.42 30.75,108.42 30.85,108.36 30.85,108.36 30.75))"
OVER = "MULTIPOLYGON(((108.35 30.7,108.4 30.7,108.4 30.9,108.35 30.9,108.35 30.7)),{})"
LAPPED = OVER.format("((108.399 30.7,108.425 30.7,108.425 30.9,108.399 30.9,108.399 30.7))")
CIRCLE = ",".join(
    map("{0.x:.5f} {0.y:.5f}".format, map(Point, IN_TAIBAI.buffer(0.05, 600).exterior.coords))
)


@pytest.mark.parametrize(
    ("drawn", "why"),
    [(BOWTIE, "图形自相交"), (FLAT, "没有面积"), (f"POLYGON(({CIRCLE}))", "上限为 2000")],
    ids=["crossing itself", "flat", "of 2,401 corners"],
)
def test_a_shape_whose_inside_is_unclear_is_refused_with_what_to_do(ground, drawn, why):
    for path in ("/api/v1/exposure", "/exposure", "/map/inside", "/chains", "/api/v1/points"):
        answer = ground.client.get(path, params={"polygon": drawn}, headers=HTML)
        assert (answer.status_code, why in answer.text) == (422, True), (path, answer.text)


def test_parts_that_lie_over_each_other_count_once_and_a_hole_does_not_count(ground):
    whole, lapped, holed = (asked(ground, polygon=one) for one in (DRAWN, LAPPED, HOLED))
    assert lapped["people"] == whole["people"]
    assert lapped["area_km2"] == pytest.approx(whole["area_km2"], rel=1e-6)
    assert holed["area_km2"] < whole["area_km2"]
    assert (holed["people"], holed["households"]["households"]) == (450, 0)
