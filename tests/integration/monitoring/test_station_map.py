"""Stations on the map: what each measures and how it stands, in the bytes of one's own area."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.judging import layer
from hazards.judging.models import JudgingStanding
from hazards.judging.standing import StationsAsked
from hazards.monitoring import marks, watching
from hazards.monitoring.models import Datastream, MonitoringPoint
from rescue_app.http.dependencies import COOKIE
from tests.monitoring import measured
from tests.tiles import layers, tile_at
from tests.world import WANZHOU

HERE, SQUARE = (108.35, 30.80), "POLYGON((108.3 30.7,108.4 30.7,108.4 30.9,108.3 30.9,108.3 30.7))"


@pytest.fixture
def station(sessions, cast, tmp_path):
    return measured(sessions, tmp_path, cast.actor("city"))


@pytest.fixture
def by(client, cast, people):
    """`by("wanzhou")`: the client of that person."""

    def go(who):
        client.cookies.set(COOKIE, people.token(cast.accounts[who]))
        return client

    return go


def tile(client, question="", *, z=12, etag=""):
    place = "/".join(map(str, tile_at(*HERE, z)))
    headers = {"if-none-match": etag} if etag else {}
    return client.get(f"/api/v1/tiles/stations/{place}.mvt{question}", headers=headers)


def drawn(client, question="", *, z=12):
    answer = tile(client, question, z=z)
    assert answer.status_code == 200, answer.text
    return [one.properties for one in layers(answer.content).get("stations", [])]


def stands(sessions, station, colour):
    with unit_of_work(sessions, SYSTEM) as session:
        there = {"point_id": station, "rule_code": "rain", "area_path": WANZHOU}
        session.add(JudgingStanding(**there, colour=colour, since=datetime.now(UTC)))


def test_a_station_says_what_it_measures_and_only_to_whom_its_area_is(by, station):
    (said,) = drawn(by("wanzhou"))
    calm = {"colour": "", "over": False, "trouble": ""}
    assert said == {"id": station, "kind": "rain", "icon": "cloud-rain"} | calm
    (asked,) = drawn(by("wanzhou"), "?station_kind=water_level")
    assert (asked["kind"], asked["icon"]) == ("water_level", "waves")
    assert drawn(by("wanzhou"), "?station_kind=gas") == []
    assert drawn(by("wanzhou"), "?as_of=2020-01-01") == []
    assert len(drawn(by("wanzhou"), "?as_of=2100-01-01")) == 1
    assert tile(by("yunyang")).content == b""
    assert by("yunyang").get(f"/stations/{station}/panel").status_code == 404


def test_a_tile_is_new_when_a_station_falls_silent_and_passes_a_mark(by, cast, sessions, station):
    old = tile(by("wanzhou")).headers["etag"]
    assert tile(by("wanzhou"), etag=old).status_code == 304
    with unit_of_work(sessions, SYSTEM) as session:
        level = select(Datastream.number).where(Datastream.property == "water_level")
        number = session.scalars(level).one()
        marks.put(session, station, number, {"warning": 1.0}, by=cast.actor("city"))
    watching.watch(sessions, now=datetime.now(UTC))
    changed = tile(by("wanzhou"), etag=old)
    assert changed.status_code == 200
    assert [one["over"] for one in drawn(by("wanzhou"), "?station_state=over")] == [True]
    assert "超过" in by("wanzhou").get(f"/stations/{station}/panel").text
    watching.watch(sessions, now=datetime.now(UTC) + timedelta(hours=1))
    assert tile(by("wanzhou"), etag=changed.headers["etag"]).status_code == 200
    (said,) = drawn(by("wanzhou"), "?station_state=silent")
    # What was last heard of a silent one is old: it stands over nothing.
    assert (said["trouble"], said["over"]) == ("silent", False)


def test_a_colour_is_shown_beside_silence_and_neither_is_in_order(by, sessions, station):
    assert len(drawn(by("wanzhou"), "?station_state=well")) == 1
    stands(sessions, station, "blue")
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(Datastream).values(trouble="stuck"))
    for state, shown in {"warned": 1, "stuck": 1, "silent": 0, "well": 0}.items():
        assert len(drawn(by("city"), f"?station_state={state}&lang=en")) == shown
    assert tile(by("city"), "?station_state=fine").status_code == 422


def test_where_stations_are_many_they_are_counted_and_none_is_lost(
    by, sessions, station, monkeypatch
):
    stands(sessions, station, "orange")
    monkeypatch.setattr(layer, "MOST_DRAWN", 0)
    layer.stations_of.cache_clear()
    (count,) = layers(tile(by("city")).content)["station-counts"]
    layer.stations_of.cache_clear()
    assert count.properties == {"count": 1, "worst": "orange", "troubled": 0}
    assert list(layer.drawings(layer.Tile(layer.FROM_ZOOM - 1, 0, 0), StationsAsked())) == []


def test_the_panel_says_values_rules_and_whom_to_call(by, sessions, station):
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(update(MonitoringPoint).values(keeper="周站长", keeper_phone="13900007777"))
    shown = by("wanzhou").get(f"/stations/{station}/panel").text
    for said in ("龙宝雨量站", "mm", 'href="tel:13900007777"', 'href="/rules/', "spark"):
        assert said in shown
    assert f'href="/monitoring/{station}"' in shown
    back = by("wanzhou").get(f"/monitoring/{station}").text
    assert f"/map#map=16/30.80000/108.35000&amp;station={station}" in back


def test_a_station_is_found_by_code_and_counted_inside_a_drawing(by, station):
    found = by("wanzhou").get("/api/v1/places", params={"q": "yb-1"}).json()
    assert [(one["kind"], one["id"]) for one in found] == [("station", station)]
    assert by("yunyang").get("/api/v1/places", params={"q": "yb-1"}).json() == []
    inside = by("wanzhou").get("/map/inside", params={"polygon": SQUARE, "lang": "en"}).text
    assert "Stations" in inside
    assert "Water level" in inside
    away = SQUARE.replace("108.3 ", "108.1 ").replace("108.4 ", "108.2 ")
    assert (
        "Water level"
        not in by("wanzhou").get("/map/inside", params={"polygon": away, "lang": "en"}).text
    )
