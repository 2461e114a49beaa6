"""SensorThings as its clients write and ask it: one store, the rules of every way in."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.http.dependencies import COOKIE
from tests.monitoring import LIST, bring, way_in

ROOT = "/sta/v1.1"
AT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
PLACE = {"type": "Point", "coordinates": [108.36, 30.81]}
STREAM = {
    "name": "Rain",
    "description": "",
    "unitOfMeasurement": {"symbol": "mm"},
    "Sensor": {"name": "TB", "encodingType": "text/plain", "metadata": {"made": 2020}},
    "ObservedProperty": {"name": "Rain"},
}


@pytest.fixture
def city(cast):
    return cast.actor("city")


@pytest.fixture
def ask(client, sessions, city, tmp_path):
    bring(sessions, tmp_path, city, *LIST)
    first = way_in(sessions, city)
    client.cookies.clear()

    def send(path, told=None, *, method=None, key=first, **headers):
        headers = {name.replace("_", "-"): words for name, words in headers.items()}
        client.cookies.set("yitong_lang", "en")
        if key:
            headers["authorization"] = f"Bearer {key}"
        method = method or ("GET" if told is None else "POST")
        return client.request(method, f"{ROOT}{path}", json=told, headers=headers)

    return send


def names(answer):
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["value"]]


def observed(ask, stream, result, minutes=0, **more):
    told = {"result": result, "phenomenonTime": (AT + timedelta(minutes=minutes)).isoformat()}
    return ask(f"/Datastreams({stream})/Observations", told | more)


def stream_of(ask, code="YB-1", of="rain"):
    said = f"Thing/properties/code eq '{code}' and ObservedProperty/name eq '{of}'"
    return ask(f"/Datastreams?$filter={said}&$select=id").json()["value"][0]["@iot.id"]


def test_what_stations_the_lists_brought_in_are_things_with_all_that_belongs_to_them(ask):
    stream = stream_of(ask)
    assert observed(ask, stream, 2.5).status_code == 201
    expand = (
        "Locations,HistoricalLocations($expand=Locations($select=location)),"
        "Datastreams($expand=Sensor,ObservedProperty,"
        "Observations($top=1;$orderby=phenomenonTime desc;$expand=FeatureOfInterest))"
    )
    answer = ask(f"/Things?$filter=name eq '龙宝雨量站'&$expand={expand}&$count=true").json()
    assert answer["@iot.count"] == 1
    (station,) = answer["value"]
    assert station["properties"] == {"code": "YB-1", "source": "hydro", "synthetic": False}
    assert station["Locations"][0]["location"] == {"type": "Point", "coordinates": [108.35, 30.8]}
    (rain,) = [one for one in station["Datastreams"] if one["@iot.id"] == stream]
    assert rain["phenomenonTime"] == "/".join([AT.strftime("%Y-%m-%dT%H:%M:%S.000Z")] * 2)
    (reading,) = rain["Observations"]
    assert (reading["result"], reading["resultQuality"]) == (2.5, "good")
    assert reading["FeatureOfInterest"]["@iot.id"] == station["@iot.id"]
    ground = f"/FeaturesOfInterest({station['@iot.id']})/Observations"
    assert [one["result"] for one in ask(ground).json()["value"]] == [2.5]


IN_THE_WEST = "geography'POLYGON((108 30,108.5 30,108.5 31,108 31,108 30))'"
CROSSED = "geography'POLYGON((0 0,1 1,0 1,1 0,0 0))'"
FIRST, SECOND = ["龙宝雨量站"], ["双江雨量站"]
FOUND = {
    "name eq '龙宝雨量站' or name eq 'x'": FIRST,
    "not startswith(name,'龙宝')": SECOND,
    "substringof('双江',name) and length(name) eq 5": SECOND,
    "endswith(tolower(properties/code),'-1')": FIRST,
    "properties/code gt 'YB-1'": SECOND,
    "Datastreams/properties/intervalSeconds lt 3600 div 2": FIRST,
    f"st_within(Locations/location, {IN_THE_WEST})": FIRST,
    "geo.distance(Locations/location, geography'POINT(108.9 30.95)') lt 0.01": SECOND,
    "HistoricalLocations/time gt now() or HistoricalLocations/time lt 2020-01-01T00:00:00Z": [],
    "year(HistoricalLocations/time) ge 2020 and @iot.id ge 0 and properties/code ne 'YB-1'": SECOND,
    "substring(name,1,2) eq '江雨' and concat(name,'!') eq '双江雨量站!'": SECOND,
    "round(1.4) eq 1 and properties/synthetic eq false and indexof(name,'江') eq 1": SECOND,
    "name eq 'O''Hara'": [],
    "name eq null": [],
}
REFUSED = {
    "/Things('x')": (404, "whole numbers"),
    "/Nothings": (404, "Nothings"),
    "/Things(999999)": (404, "outside your area"),
    "/Things?$filter=sleep(5) eq 1": (400, "no function sleep"),
    "/Things?$filter=name eq": (400, "cannot be understood"),
    "/Things?$filter=name": (400, "true or false"),
    "/Things?$filter=name gt 5": (400, "compared"),
    "/Things?$filter=eq(1)": (400, "cannot be understood"),
    "/Things?$filter=1 eq add(1)": (400, "cannot be understood"),
    "/Things?$filter=1 lt " + "9" * 400: (400, "too large"),
    "/Things?$filter=secret eq 1": (400, "no secret"),
    "/Things?$filter=" + "(" * 60 + "1 eq 1" + ")" * 60: (400, "nested deeper"),
    "/Things?$filter=" + "not " * 900 + "true": (400, "nested deeper"),
    "/Things?$filter=" + " or ".join(["name eq 'x'"] * 200): (400, "parts"),
    "/Things?$filter=name eq '" + "x" * 5_000 + "'": (400, "longer"),
    "/Things?$orderby=Datastreams/name": (400, "many"),
    "/Things?$top=-1": (400, "$top"),
    "/Things?$expand=Sensors": (400, "Sensors"),
    "/Things?$expand=" + "Datastreams/Thing/" * 4 + "Datastreams": (400, "nested deeper"),
    "/Things?$what=1": (400, "$what"),
    f"/Things?$filter=geo.intersects(Locations/location,{CROSSED})": (400, "crosses itself"),
    "/Datastreams?$filter=phenomenonTime gt '2020'": (400, "compared"),
}


def test_filters_find_what_they_say(ask):
    assert {asked: names(ask(f"/Things?$filter={asked}")) for asked in FOUND} == FOUND


def test_what_cannot_be_asked_is_refused_in_the_form_of_the_standard(ask):
    for path, (status, words) in REFUSED.items():
        told = ask(path).json()
        assert (told["code"], told["type"]) == (status, "error"), path
        assert words in told["message"], path


def test_readings_are_found_by_time_however_the_plus_sign_is_written(ask):
    stream = stream_of(ask)
    for minutes, result in ((0, 1), (5, 2), (10, 3)):
        observed(ask, stream, result, minutes)
    at = (AT + timedelta(hours=8, minutes=5)).strftime("%Y-%m-%dT%H:%M:%S")
    base = f"/Datastreams({stream})/Observations?%24orderby=phenomenonTime+desc&%24filter="
    for zone in ("+08:00", "%2B08:00"):
        told = ask(f"{base}phenomenonTime+ge+{at}{zone}").json()["value"]
        assert [one["result"] for one in told] == [3, 2]
    page = ask(f"/Datastreams({stream})/Observations?$top=2&$select=result&$orderby=result").json()
    assert [one["result"] for one in page["value"]] == [1, 2]
    assert set(page["value"][0]) == {"@iot.id", "@iot.selfLink", "result"}
    rest = ask(page["@iot.nextLink"].split(ROOT)[1]).json()
    assert [one["result"] for one in rest["value"]] == [3]
    assert "@iot.nextLink" not in rest


def test_odd_readings_are_treated_as_by_every_other_way_in(ask, sessions):
    stream = stream_of(ask)
    first = observed(ask, stream, 1.5)
    again = observed(ask, stream, 1.5)
    assert first.headers["location"] == again.headers["location"]
    for minutes, result in ((1, -9999), (2, "NaN"), (3, None), (4, 999)):
        told = observed(ask, stream, result, minutes).json()
        assert told["resultQuality"] == "doubtful"
        assert told["result"] in {None, 999}
    assert observed(ask, stream, "wet", 5).status_code == 400
    assert observed(ask, stream, 1, 6, FeatureOfInterest={"@iot.id": 10**6}).status_code == 400
    good = ask(f"/Datastreams({stream})/Observations?$filter=resultQuality eq 'good'").json()
    assert [one["result"] for one in good["value"]] == [1.5]
    with unit_of_work(sessions, SYSTEM) as session:
        kept = session.execute(text("SELECT flags & ~128 FROM reading ORDER BY observed_at")).all()
    assert [flags for (flags,) in kept] == [0, 1, 1, 1, 4]


def test_many_readings_come_in_one_array_each_for_itself(ask):
    rain, level = stream_of(ask), stream_of(ask, of="water_level")
    parts = ["phenomenonTime", "result", "FeatureOfInterest/id"]
    rows = [[(AT + timedelta(minutes=n)).isoformat(), n, 1] for n in range(3)]
    told = [
        {"Datastream": {"@iot.id": rain}, "components": parts, "dataArray": rows},
        {"Datastream": {"@iot.id": level}, "components": parts,
         "dataArray": [[AT.isoformat(), "wet", 1], ["yesterday", 1, 1], [AT.isoformat(), 2, 1]]},
    ]  # fmt: skip
    answer = ask("/CreateObservations", told)
    assert answer.status_code == 201
    assert ["error" in one for one in answer.json()] == [False] * 3 + [True] * 2 + [False]
    assert ask(answer.json()[-1].split(ROOT)[1]).json()["result"] == 2


def test_one_array_that_is_wrong_holds_up_none_of_the_others(ask):
    rain = stream_of(ask)
    array = {"components": ["result", "phenomenonTime"], "dataArray": [[7, AT.isoformat()]]}
    told = [
        {"Datastream": {"@iot.id": 99_999}} | array,
        {"Datastream": {"@iot.id": rain}} | array | {"dataArray": [[1], [2, {}], [3, None, 4]]},
        {"Datastream": {"@iot.id": rain}} | array | {"components": ["phenomenonTime"]},
        {"Datastream": {"@iot.id": rain}} | array,
    ]
    answers = ask("/CreateObservations", told).json()
    assert ["error" in one for one in answers] == [True] * 5 + [False]
    assert "Datastream 99999" in answers[0]
    kept = ask(f"/Datastreams({rain})/Observations?$select=result").json()["value"]
    assert [one["result"] for one in kept] == [7]


def test_observations_are_told_as_arrays_where_that_is_asked_for(ask):
    rain = stream_of(ask)
    for n in range(3):
        observed(ask, rain, n, minutes=n)
    asked = f"/Datastreams({rain})/Observations?$resultFormat=dataArray&$orderby=result desc"
    told = ask(f"{asked}&$select=phenomenonTime,result&$top=2").json()
    assert "resultFormat=dataArray" in told["@iot.nextLink"]
    (array,) = told["value"]
    assert array["components"] == ["id", "phenomenonTime", "result"]
    assert [row[2] for row in array["dataArray"]] == [2, 1]
    assert array["Datastream@iot.navigationLink"].endswith(f"/Datastreams({rain})")
    assert ask("/Things?$resultFormat=dataArray").status_code == 400
    assert ask("/Things?$expand=Datastreams($resultFormat=dataArray)").status_code == 400


def test_a_stream_may_be_taken_in_changed_and_removed_while_it_holds_nothing(ask):
    (station,) = ask("/Things?$filter=name eq '双江雨量站'&$select=id").json()["value"]
    at = f"/Things({station['@iot.id']})"
    made = ask(f"{at}/Datastreams", STREAM | {"properties": {"channel": "b"}}).json()
    stream = f"/Datastreams({made['@iot.id']})"
    assert ask(f"{at}/Datastreams", STREAM | {"properties": {"channel": "b"}}).status_code == 409
    assert ask(f"{stream}/Sensor/metadata/$value").text == '{"made":2020}'
    patch = [{"op": "replace", "path": "/properties/intervalSeconds", "value": 600}]
    kind = {"content_type": "application/json-patch+json"}
    changed = ask(stream, patch, method="PATCH", **kind).json()
    assert changed["properties"]["intervalSeconds"] == 600
    wrong = [{"op": "test", "path": "/name", "value": "x"}]
    assert ask(stream, wrong, method="PATCH", **kind).status_code == 400
    assert ask(stream, {"description": "new"}, method="PATCH").json()["description"] == "new"
    inches = {"unitOfMeasurement": {"symbol": "in"}}
    assert "mm" in ask(stream, inches, method="PATCH").json()["message"]
    observed(ask, made["@iot.id"], 1)
    assert ask(stream, method="DELETE").status_code == 409
    assert ask(f"{at}/Datastreams/$ref").json()["value"][-1]["@iot.selfLink"].endswith(stream)


def test_a_station_that_is_moved_keeps_where_it_stood(ask):
    (before,) = ask("/Locations?$filter=Things/properties/code eq 'YB-1'").json()["value"]
    here = f"/Locations({before['@iot.id']})"
    assert ask(here, {"location": PLACE}, method="PATCH").status_code == 200
    assert ask(f"{here}/Things").json()["value"] == []
    places = ask("/Things?$filter=properties/code eq 'YB-1'&$expand=HistoricalLocations,Locations")
    (station,) = places.json()["value"]
    assert len(station["HistoricalLocations"]) == 2
    assert [one["location"] for one in station["Locations"]] == [PLACE]
    assert ask(here, {"location": PLACE}, method="PATCH").status_code == 409
    outside = {"location": {"type": "Point", "coordinates": [30.8, 108.3]}}
    now = f"/Locations({station['Locations'][0]['@iot.id']})"
    assert "Longitude" in ask(now, outside, method="PATCH").json()["message"]


def test_a_key_sees_its_area_and_writes_its_own_source_alone(ask, client, sessions, cast, people):
    district = way_in(sessions, cast.actor("wanzhou"))
    other = stream_of(ask, "YB-2")
    assert names(ask("/Things", key=district)) == ["龙宝雨量站"]
    assert ask(f"/Datastreams({other})", key=district).status_code == 404
    told = {"result": 1}
    assert ask(f"/Datastreams({other})/Observations", told, key=district).status_code == 404
    assert ask("/Things", key="").status_code == 401
    assert ask("/Things", key="wrong").status_code == 401
    assert ask("/Things", STREAM, key="wrong").status_code == 403
    for method in ("DELETE", "PUT"):
        assert ask("/Observations(1)", {}, method=method).status_code in {404, 409}
    slow = way_in(sessions, cast.actor("city"), per_minute=2)
    assert [ask("/Things", key=slow).status_code for _ in range(3)] == [200, 200, 429]
    client.cookies.set(COOKIE, people.token(cast.accounts["yunyang"]))
    assert names(ask("/Things", key="")) == ["双江雨量站"]


def test_each_of_many_is_told_with_what_is_its_own_and_the_latest_of_all_streams_come_first(ask):
    for n, stream in enumerate((stream_of(ask), stream_of(ask, "YB-2"))):
        for minutes in range(3):
            observed(ask, stream, 10 * n + minutes, minutes=10 * n + minutes)
    told = ask("/FeaturesOfInterest?$expand=Observations($select=result)").json()["value"]
    assert [[o["result"] for o in one["Observations"]] for one in told] == [[0, 1, 2], [10, 11, 12]]
    things = ask("/Things?$expand=Locations($select=name)&$select=name").json()["value"]
    assert all([place["name"] for place in one["Locations"]] == [one["name"]] for one in things)
    latest = "/Observations?$orderby=phenomenonTime desc&$select=result"
    results = [
        [one["result"] for one in ask(f"{latest}&$top={top}&$skip={skip}").json()["value"]]
        for top, skip in ((1, 0), (1, 1), (3, 2), (10, 0))
    ]
    assert results == [[12], [11], [10, 2, 1], [12, 11, 10, 2, 1, 0]]


def test_an_error_is_told_in_the_language_that_a_client_asks_for_and_in_both_otherwise(client):
    def told(**headers):
        named = {name.replace("_", "-"): words for name, words in headers.items()}
        return client.get(f"{ROOT}/Things", headers=named).json()["message"]

    assert told() == "请先登录。 · Sign in first."
    assert told(accept_language="fr") == told()
    assert told(accept_language="en-GB,en;q=0.9,zh;q=0.8") == "Sign in first."
    assert told(accept_language="en;q=0.2,zh-CN") == "请先登录。"
    assert client.get(f"{ROOT}/Things?lang=en").json()["message"] == "Sign in first."
