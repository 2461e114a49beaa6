"""A finding becomes a hidden-danger point by a case, and is closed with it when it is de-listed."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.integration.files.ugly import jpeg

pytestmark = pytest.mark.usefixtures("world")
PAGE = {"accept": "text/html"}
TODAY = datetime.now(UTC).date().isoformat()
PLACE = {"lon": 108.3502, "lat": 30.8001}


@pytest.fixture
def found(street, bridge):
    """A finding that was seen twice, with a photo."""
    found = street.find(bridge.code, note="桥头边坡开裂", **PLACE)["id"]
    street.find(bridge.code, note="裂缝变宽")
    shot = {"photos": ("a.jpg", jpeg(), "image/jpeg")}
    said = {"id": str(uuid4()), "act": "note", "note": "照片"}
    street.client.post(f"/findings/{found}/steps", data=said, files=shot, headers=PAGE)
    return found


def see(street, who, path):
    return street.sign_in(who).get(path, headers=PAGE)


def form_of(html):
    """Read back what a browser would send."""
    block = html[html.index('<form class="form" method="post"') :]
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', block))
    return fields | {"category": "hidden_danger", "evidence": "possible"}


def applied(street, found, **more):
    """Apply for the point as the street; give its id."""
    path = f"/findings/{found}/point"
    form = form_of(see(street, "street", path).text) | {"hazard_type": "landslide"} | more
    sent = street.client.post(path, data=form, headers=PAGE)
    assert sent.status_code == 303, sent.text
    return form, sent.headers["location"].rsplit("/", 1)[1]


def through(street, case):
    """Walk a case through its offices."""
    for who, act in (("street", "survey"), ("wanzhou", "review"), ("city", "approve")):
        said = {"id": str(uuid4()), "act": act, "opinion": "到现场看过"}
        said |= {"visited_on": TODAY} if act == "survey" else {}
        done = street.sign_in(who).post(f"/cases/{case}/steps", data=said, headers=PAGE)
        assert done.status_code == 303, done.text


def delist(street, point, ground):
    form = {
        "case": str(uuid4()),
        "version": "1",
        "ground": ground,
        "report": "已削坡挂网，验收通过",
    }
    path = f"/points/{point}/delist"
    assert street.sign_in("planner").post(path, data=form, headers=PAGE).status_code == 303
    through_planner(street, form["case"])


def through_planner(street, case):
    said = {"id": str(uuid4()), "act": "survey", "opinion": "到现场看过", "visited_on": TODAY}
    street.sign_in("planner").post(f"/cases/{case}/steps", data=said, headers=PAGE)
    for who, act in (("wanzhou", "review"), ("city", "approve")):
        said = {"id": str(uuid4()), "act": act, "opinion": "同意"}
        street.sign_in(who).post(f"/cases/{case}/steps", data=said, headers=PAGE)


def test_it_goes_by_a_case_with_place_words_and_photo_and_closes_with_its_point(
    street, bridge, found
):
    form, case = applied(street, found)
    assert form["name"].startswith("万州长江大桥")
    assert (form["longitude"], form["latitude"]) == ("108.350200", "30.800100")
    assert form["file_ids"]
    assert see(street, "planner", f"/findings/{found}/point").status_code == 409
    through(street, case)
    link = f'href="/findings/{found}"'
    panels = f"/points/{form['id']}/panel", f"/assets/{bridge.asset['id']}/panel"
    assert all(link in see(street, "street", beside_the_map).text for beside_the_map in panels)
    page = see(street, "street", f"/points/{form['id']}").text
    assert link in page
    photo = re.search(r'src="/files/([0-9a-f-]{36})', page)[1]
    assert see(street, "city", f"/files/{photo}").status_code == 200
    html = see(street, "street", f"/findings/{found}").text
    assert f'href="/points/{form["id"]}"' in html
    assert "2 次" in html
    assert "裂缝变宽" in html
    delist(street, form["id"], "works_finished")
    assert not any(link in see(street, "street", beside_the_map).text for beside_the_map in panels)
    assert street.shown(found)["state"] == "verified"
    assert street.acts(found)[-2:] == ["to_point", "delist"]
    assert "已削坡挂网" in see(street, "street", f"/findings/{found}").text
    asset = street.client.get(f"/api/v1/assets/{bridge.asset['id']}").json()
    assert asset["worst_open_grade"] is None


def test_an_error_of_entry_mends_nothing_and_a_verified_one_offers_de_listing(
    street, bridge, found
):
    form, case = applied(street, found)
    through(street, case)
    street.go("street", found, "accept", "begin", "finish")
    assert street.verify("patrol", found, bridge.code).status_code == 200
    html = see(street, "street", f"/findings/{found}").text
    assert f'href="/points/{form["id"]}#delist"' in html
    other = street.find(bridge.code, answers={"clearance": "49"})["id"]
    wrong, case = applied(street, other)
    through(street, case)
    delist(street, wrong["id"], "entered_in_error")
    street.sign_in("street")
    assert street.shown(other)["state"] == "discovered"


def test_a_withdrawn_case_leaves_it_free_and_others_may_not(street, found):
    _, case = applied(street, found)
    gone = {"id": str(uuid4()), "act": "withdraw", "opinion": "先处置"}
    street.client.post(f"/cases/{case}/steps", data=gone, headers=PAGE)
    assert see(street, "street", f"/findings/{found}/point").status_code == 200
    assert see(street, "patrol", f"/findings/{found}/point").status_code == 403
    assert see(street, "yunyang", f"/findings/{found}/point").status_code == 404
    path = f"/findings/{found}/point"
    form = form_of(see(street, "street", path).text)
    told = street.client.post(path, data=form | {"longitude": "far"}, headers=PAGE)
    assert told.status_code == 422
    assert street.acts(found).count("to_point") == 1
