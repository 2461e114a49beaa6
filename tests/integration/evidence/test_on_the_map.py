"""Proposals on the one map and for programs: why, the records as circles, one's own area."""

import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest

from gis.authority import Role
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import Scope
from hazards.evidence import searching
from hazards.evidence.rules import Asked
from tests.evidence import beside, keep, known, slides
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, IN_TAIBAI, TAIBAI, WANZHOU

API = "/api/v1/evidence"


@pytest.fixture
def found(sessions, planner):
    """Two places: one frequent, one told of by a record good to 900 m."""
    keep(sessions, slides(IN_GAOSUNTANG), area=GAOSUNTANG)
    vague = known(beside(IN_TAIBAI, 0), "2016-07-01", accuracy_m=900)
    keep(sessions, [vague], area=TAIBAI)
    with unit_of_work(sessions, Scope.of(planner)) as session:
        now = datetime.now(UTC)
        searching.search(session, id=new_id(), asked=Asked("geological"), by=planner, now=now)


@pytest.fixture
def desk(client, found, sign_in):
    sign_in(client, Role.PLANNER, WANZHOU, name="王规划")
    return client


def test_programs_read_why_and_which_records_with_their_accuracy(desk):
    told = desk.get(f"{API}/proposals", params={"lang": "en"}).json()
    assert told["total"] == 2
    first = told["items"][0]
    assert (first["evidence"], first["state"]) == ("high_frequency", "open")
    assert "7 records in 11.1 years" in first["why"]
    assert desk.get(f"{API}/proposals", params={"page": 2}).json()["items"] == []
    whole = desk.get(f"{API}/proposals/{first['id']}").json()
    assert {one["accuracy_m"] for one in whole["records"]} == {100}
    assert (len(whole["records"]), whole["parameters"]["within_m"]) == (7, 1000)
    drawn = desk.get(f"{API}/proposals.geojson").json()["features"]
    assert sorted(one["properties"]["records"] for one in drawn) == [1, 7]
    assert (first["synthetic"], {one["properties"]["synthetic"] for one in drawn}) == (True, {True})


def test_the_panel_says_why_lights_the_records_and_a_vague_one_is_no_point(desk):
    frequent, single = (one["id"] for one in desk.get(f"{API}/proposals").json()["items"])
    page = desk.get(f"/proposals/{frequent}/panel", params={"lang": "zh"}).text
    assert "300 米内有 7 条记录" in unescape(page)
    assert kinds(page).count("record") == 7
    assert f'action="/evidence/{frequent}/accept"' in page
    assert f'action="/evidence/{frequent}/reject"' in page
    assert kinds(desk.get(f"/proposals/{single}/panel").text) == ["doubt", "about"]


def test_another_street_sees_nothing_of_it(client, found, sign_in):
    sign_in(client, Role.STREET_COMMANDER, TAIBAI, name="太白")
    told = client.get(f"{API}/proposals").json()
    assert [one["evidence"] for one in told["items"]] == ["historical"]
    assert [one["area_path"] for one in told["items"]] == [TAIBAI]
    assert len(client.get(f"{API}/proposals.geojson").json()["features"]) == 1
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, name="高笋塘")
    hidden = told["items"][0]["id"]
    for address in (f"{API}/proposals/{hidden}", f"/proposals/{hidden}/panel"):
        assert client.get(address).status_code == 404


def kinds(page):
    (told,) = re.findall(r'data-lit="([^"]+)"', page)
    return [one["properties"]["kind"] for one in json.loads(unescape(told))["features"]]
