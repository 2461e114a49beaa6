"""A street office labels what it has: chosen on a page, proved by a job, fetched as one file."""

import re

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image

from gis.authority import Role
from qr_codes.labels import wear
from rescue_app.http.printing import Press
from tests.integration.test_jobs import run_worker
from tests.patrols import labelled, load_reference, make_asset, visit
from tests.world import CITY, GAOSUNTANG, WANZHOU, YUNYANG

__all__ = ["run_worker"]
pytestmark = pytest.mark.usefixtures("world")
PAGE = {"accept": "text/html"}
ON_SITE = {"lon": 108.3501, "lat": 30.80}


@pytest.fixture
def street(client, sign_in, sessions):
    """One bridge without a label, one printed, one on site, one damaged; and a gate without."""
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    make_asset(client, name="无码桥")
    labelled(client, name="已印桥")
    client.post("/api/v1/inspections", json=visit(labelled(client, name="挂好桥").code, **ON_SITE))
    damaged = labelled(client, name="坏码桥")
    client.post(f"/api/v1/codes/{damaged.label['id']}/damage", json={"reason": "撕裂"})
    make_asset(client, name="闸", type="gate")
    return client


def see(client, **asked):
    answer = client.get("/labels", params={"lang": "en"} | asked, headers=PAGE)
    assert answer.status_code == 200
    return answer.text


def fetched(client):
    """Give the file that the newest batch left."""
    return client.get(re.search(r'href="(/files/[^"]+)"', see(client))[1]).content


def read(pdf):
    page = pdfium.PdfDocument(pdf)[0].render(scale=300 / 72).to_pil()
    return sorted(one.text for one in zxingcpp.read_barcodes(page))


def in_force(client):
    """Give each asset's label in force by its name."""
    found = client.get("/api/v1/assets").json()["items"]
    codes = {a["name"]: client.get(f"/api/v1/assets/{a['id']}/codes").json() for a in found}
    return {name: several[0] for name, several in codes.items() if several}


def test_a_street_prints_what_lacks_and_what_hangs_nowhere_yet(street, run_worker):
    html = see(street)
    assert [int(n) for n in re.findall(r'<b class="num">(\d+)</b>', html)] == [2, 1, 1]
    assert "Make 3 labels" in html
    assert "Make 1 label<" in see(street, type="gate")
    assert "Nothing to print here" in see(street, type="gate", want="damaged")
    picture = street.get("/labels/preview.png", params={"want": "none"})
    assert picture.content.startswith(b"\x89PNG")
    assert len(in_force(street)) == 3, "looking issues nothing"
    answer = street.post("/labels", data={"want": ["none", "printed", "damaged"]}, headers=PAGE)
    assert answer.headers["location"].startswith("/labels")
    run_worker()
    now = in_force(street)
    assert {name: one["state"] for name, one in now.items()} == {
        "无码桥": "printed", "已印桥": "printed", "挂好桥": "mounted", "坏码桥": "printed",
        "闸": "printed",
    }  # fmt: skip
    assert now["坏码桥"]["issue"] == 2
    public = street.app.state.settings.label_url.upper()
    codes = {one["code"] for name, one in now.items() if name != "挂好桥"}
    assert read(fetched(street)) == sorted(f"{public}/C/{code}" for code in codes)


def test_a_batch_with_a_bad_symbol_is_not_handed_out_and_says_which_and_why(
    street, run_worker, monkeypatch
):
    blank = Image.new("L", (99, 99), 255)
    monkeypatch.setitem(wear.WEAR, "dirt", lambda *_, **__: blank)
    street.post("/labels", data={"want": "printed"}, headers=PAGE)
    run_worker()
    html = see(street)
    assert "the symbol of 已印桥 cannot be read under dirt" in html
    assert "Give it a new label" in html
    assert "/files/" not in html
    assert "已印桥" in see(street, lang="zh")


def test_a_batch_that_was_stopped_leaves_nothing(street, run_worker):
    street.post("/labels", data={"want": "none"}, headers=PAGE)
    job = street.get("/api/v1/jobs").json()[0]
    assert street.post(f"/jobs/{job['id']}/cancel", headers=PAGE).status_code == 303
    run_worker()
    assert "Stopped" in see(street)
    assert len(in_force(street)) == 3


def test_another_district_sees_no_label_and_nobody_prints_beyond_his_area(
    street, client, sign_in, run_worker
):
    street.post("/labels", data={"want": "printed"}, headers=PAGE)
    run_worker()
    file = re.search(r'href="(/files/[^"]+)"', see(street))[1]
    assert client.post("/labels", data={"under": WANZHOU, "want": "none"}).status_code == 404
    sign_in(client, Role.DISTRICT_COMMANDER, YUNYANG)
    assert "已印桥" not in see(client)
    assert client.get(file).status_code == 404
    assert client.get("/labels", params={"under": GAOSUNTANG}).status_code == 404
    assert client.get("/labels/preview.png", params={"under": GAOSUNTANG}).status_code == 404
    sign_in(client, Role.OBSERVER, GAOSUNTANG)
    assert "does not print" in see(client)
    assert client.post("/labels", data={"want": "none"}).status_code == 403
    assert client.get("/labels?size=a3").status_code == 422


def test_a_label_scanned_far_from_its_asset_is_something_to_look_at_until_seen_in_place(
    street, client, sign_in
):
    there = labelled(street, name="移走桥")

    def scan(**said):
        body = visit(there.code, **said)
        assert street.post("/api/v1/inspections", json=body).status_code == 201

    scan(**ON_SITE)
    away = {"lon": 108.36, "lat": 30.80}
    scan(**away, accuracy_m=2_000)
    assert "Moved, perhaps" not in see(street), "the phone itself was not sure"
    scan(**away)
    assert re.search(r"移走桥.*9\d\d m away", see(street), re.DOTALL)
    asset = f"/assets/{there.asset['id']}"
    assert "Was it moved?" in street.get(asset, params={"lang": "en"}, headers=PAGE).text
    sign_in(client, Role.DISTRICT_COMMANDER, YUNYANG)
    assert "移走桥" not in see(client)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    scan(**ON_SITE)
    assert "Moved, perhaps" not in see(street)
    scan(**away)
    new = street.post(f"/api/v1/assets/{there.asset['id']}/codes", json={"hangs_at": "西头"})
    street.post("/api/v1/inspections", json=visit(new.json()["code"], **ON_SITE))
    assert "Moved, perhaps" not in see(street), "the old label is no label any more"
    client.cookies.clear()
    old = client.get(f"/c/{there.code}", headers=PAGE)
    assert old.status_code == 410
    assert "西头" in old.text
    assert "geo:30.800000,108.350100" in old.text


def test_the_number_to_call_is_that_of_the_nearest_area_that_has_one():
    press = Press("https://a.cn", "119", {"500101": "023-58110000", "500101001": "023-58119119"})
    assert press.number_at(GAOSUNTANG) == "023-58119119"
    assert press.number_at(WANZHOU + "500101999/") == "023-58110000"
    assert press.number_at(CITY) == "119"
