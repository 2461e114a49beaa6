"""Stores at the desk: entered, put right, counted by their keeper, and exchanged as a list."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import text

from gis.authority import Role
from rescue_app.http.dependencies import COOKIE
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")
PAGE = {"accept": "text/html"}
STORE = {"name": "高笋塘物资点", "address": "白岩路8号", "keeper": "陈管库",
         "keeper_phone": "13800009999", "lon": "108.351", "lat": "30.801"}  # fmt: skip


def see(street, path, who=""):
    if who:
        street.sign_in(who)
    return street.client.get(path, headers=PAGE)


def send(street, path, **form):
    return street.client.post(path, data=form, headers=PAGE)


def enter(street, **said):
    street.sign_in("street")
    answer = send(street, "/stores/new", id=str(uuid4()), **(STORE | said))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def attempt(street, file):
    data = {"crs": "EPSG:4490"}
    return street.client.post("/stores/import", files=file, data=data, headers=PAGE)


def seen(page):
    return re.search(r'name="seen" value="([^"]+)"', page.text)[1]


def test_an_office_enters_a_store_and_it_is_the_districts_to_see(street):
    assert "还没有物资点" in see(street, "/stores", "street").text
    store = enter(street)
    assert "高笋塘物资点" in see(street, "/stores", "taibai_street").text
    assert see(street, store, "taibai_street").status_code == 200
    assert see(street, f"{store}/edit", "taibai_street").status_code == 403
    assert "高笋塘物资点" not in see(street, "/stores", "yunyang").text
    assert see(street, store, "yunyang").status_code == 404


def test_a_form_comes_back_with_what_is_wrong_beside_its_field(street):
    street.sign_in("street")
    said = {"id": str(uuid4())} | STORE | {"name": "", "lon": "东边"}
    answer = send(street, "/stores/new", **said)
    assert answer.status_code == 422
    assert "请填写物资点名称" in answer.text
    assert "请在地图上点位置" in answer.text
    away = send(street, "/stores/new", **(said | STORE | {"lon": "108.45"}))
    assert away.status_code == 403  # the next street's ground


def test_every_change_of_an_amount_is_booked_with_who_and_when(street, owner):
    store = enter(street)
    first = seen(see(street, store))
    done = send(street, f"{store}/amounts", seen=first, material="sandbag", amount="300")
    assert done.status_code == 303
    page = see(street, store)
    late = send(street, f"{store}/amounts", seen=first, **{"amount.sandbag": "1"})
    assert late.status_code == 422
    assert "高书记 修改了这个物资点" in late.text
    said = {"amount.sandbag": "120", "note": "领用至白岩路"}
    assert send(street, f"{store}/amounts", seen=seen(page), **said).status_code == 303
    shown = see(street, store).text
    assert re.search(r"300</td><td[^>]*><b>120</b>", shown)
    assert "领用至白岩路" in shown
    spoilt = send(
        street, f"{store}/amounts", seen=seen(see(street, store)), **{"amount.sandbag": "-4"}
    )
    assert spoilt.status_code == 422
    asked = "select before, after, by_name from store_booking order by booked_at"
    rows = owner.execute(text(asked)).all()
    assert [tuple(row) for row in rows] == [(0, 300, "高书记"), (300, 120, "高书记")]
    owner.rollback()


def test_the_keeper_counts_his_own_store_and_changes_nothing_else(street, people, sessions):
    store = enter(street)
    keeper = people.add(Role.PATROL, GAOSUNTANG, "陈管库", phone="13800009999")
    other = people.add(Role.PATROL, GAOSUNTANG, "别人", phone="13800008888")
    street.client.cookies.set(COOKIE, people.token(keeper))
    page = see(street, store)
    form = {"seen": seen(page), "material": "cone", "amount": "40"}
    assert send(street, f"{store}/amounts", **form).status_code == 303
    assert send(street, f"{store}/edit", seen=seen(see(street, store)), **STORE).status_code == 403
    street.client.cookies.set(COOKIE, people.token(other))
    assert "<form" not in see(street, store).text.split("<main")[1]
    assert send(street, f"{store}/amounts", **form).status_code == 403


def test_the_export_comes_in_again_as_the_same(street, owner):
    store = enter(street)
    send(street, f"{store}/amounts", seen=seen(see(street, store)), material="cone", amount="40")
    book = see(street, "/stores/stores.xlsx").content
    assert see(street, "/stores/import").status_code == 200
    file = {"file": ("stores.xlsx", book)}
    tried = attempt(street, file)
    assert "相同 1" in tried.text
    lines = "名称,物资,数量,经度,纬度\n新仓,锥桶,12,108.352,30.802\n新仓,没有的,1,108.352,30.802\n"
    file = {"file": ("物资.csv", lines.encode("gbk"))}
    tried = attempt(street, file)
    assert "没有的" in tried.text
    assert owner.execute(text("select count(*) from material_store")).scalar() == 1
    owner.rollback()
    fields = dict(
        re.findall(r'<input type="hidden" name="(data|name|crs)" value="([^"]*)"', tried.text)
    )
    assert send(street, "/stores/import/apply", **fields).status_code == 303
    assert "新仓" in see(street, "/stores").text
