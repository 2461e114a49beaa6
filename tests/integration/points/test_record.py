"""The full record of a point: said in a form or a file, kept with every state, compared."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.integration.points.test_pages import PAGE, opened, send, typed
from tests.ledger import carried

RECORD = {
    "owner_name": "冉建国",
    "owner_post": "村主任",
    "monitoring_name": "周敏",
    "monitoring_post": "地环站长",
    "monitoring_phone": "023-58000001",
    "monitors": [
        {"name": "李明", "phone": "13800001111"},
        {"name": "欧阳 倩", "phone": "+86 139001"},
    ],
    "monitoring_method": "both",
    "warning_means": ["gong", "terminal"],
    "plan_exists": True,
    "cards_given": False,
    "drilled_on": "2026-05-12",
    "found_on": "1998-07-21",
    "direction": "NE 45°",
    "volume_m3": 1250000.5,
    "scale": "large",
    "trigger": "降雨",
    "works": "抗滑桩 24 根",
    "works_stage": "under_way",
}
SHOWN = (
    "村主任",
    "周敏",
    "铜锣 · 预警终端",
    "欧阳 倩 +86 139001",
    "群专结合",
    "1,250,000.5",
    "施工中",
    "2026-05-12",
)


@pytest.fixture
def known(desk, enter):
    return enter(desk, **RECORD)


def test_all_of_it_is_kept_shown_and_taken_out(desk, known):
    assert {name: known[name] for name in RECORD} == RECORD
    page = desk.get(f"/points/{known['id']}", headers=PAGE).text
    for word in SHOWN:
        assert word in page, word
    (row,) = csv.DictReader(io.StringIO(desk.get("/api/v1/points/export").text.lstrip("\ufeff")))
    told = (row["monitoring_name"], row["scale"], row["works_stage"])
    assert told == ("周敏", "large", "under_way")


def test_the_form_brings_it_in_and_gives_it_back_unchanged(desk, known, sessions):
    form = opened(desk, "/points/new") | typed(scale="small", plan_exists="true")
    form |= {"monitors": "李明 13800001111\n\n 王强  02358000000 ", "found_on": "2020-02-30"}
    form |= {"warning_means": ["gong", "horn"]}
    wrong = send(desk, "/points", form)
    assert wrong.status_code == 422
    assert "2026-05-30" in wrong.text
    assert "王强" in wrong.text
    case = send(desk, "/points", form | {"found_on": "2020-02-29"}).headers["location"]
    carried(sessions, case.rsplit("/", 1)[1])
    (entered,) = (p for p in desk.get("/api/v1/points").json()["items"] if p["id"] != known["id"])
    full = desk.get(f"/api/v1/points/{entered['id']}").json()
    assert full["monitors"][1] == {"name": "王强", "phone": "02358000000"}
    assert (full["warning_means"], full["plan_exists"]) == (["gong", "horn"], True)
    fresh = form | {"id": str(uuid4()), "case": str(uuid4()), "found_on": ""}
    for wrong in ("李明", "\n".join(f"人{n} 1380000000{n}" for n in range(7))):
        assert send(desk, "/points", fresh | {"monitors": wrong}).status_code == 422
    same = {"version": 1, **RECORD}
    nothing = desk.patch(f"/api/v1/points/{known['id']}", json=same)
    assert nothing.status_code == 422
    assert "台账现状相同" in nothing.json()["detail"]


def test_any_two_states_stand_side_by_side_and_any_day_shows_its_own(desk, known, change):
    address = f"/api/v1/points/{known['id']}"
    change(desk, address, version=1, works_stage="finished")
    change(desk, address, version=2, works_stage="accepted", name="大石坡(已治理)")
    page = f"/points/{known['id']}"
    both = desk.get(f"{page}?was=1&became=3", headers=PAGE).text
    assert re.search(r'class="then">.*施工中.*已验收', both, re.DOTALL)
    assert desk.get(f"{page}?was=1&became=9", headers=PAGE).status_code == 404
    today = datetime.now(UTC) + timedelta(hours=8)
    shown = desk.get(f"{page}?on={today:%Y-%m-%d}", headers=PAGE).text
    assert "第 3 版" in shown
    first = desk.get(f"{address}/history").json()[-1]["at"]
    then = desk.get(page, params={"on": first}, headers=PAGE).text
    assert re.search(r'then">\s*<h3>[^<]*第 1 版', then)
    assert "还不在台账上" in desk.get(f"{page}?on=1999-01-01", headers=PAGE).text
