"""The client of FROST, as it is published, against the real server."""

from datetime import UTC, datetime, timedelta

import frost_sta_client as fsc
import pytest
from geojson import Point

from tests.monitoring import LIST, bring, way_in

# The client itself asks furl for what furl will drop.
pytestmark = pytest.mark.filterwarnings("ignore:furl.pathstr:DeprecationWarning")
UNIT = fsc.UnitOfMeasurement(name="millimetre", symbol="mm", definition="ucum:mm")
AT = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@pytest.fixture
def service(live_server, sessions, cast, tmp_path):
    city = cast.actor("city")
    bring(sessions, tmp_path, city, *LIST)
    key = way_in(sessions, city)
    login = fsc.AuthHandler(username="hydro", password=key)
    return fsc.SensorThingsService(f"{live_server.url}/sta/v1.1", auth_handler=login)


def thing():
    place = fsc.Location(
        name="北滨路", description="", encoding_type="application/geo+json",
        location=Point((108.36, 30.81)),
    )  # fmt: skip
    stream = fsc.Datastream(
        name="Rain at the pier",
        description="tipping bucket",
        observation_type="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        unit_of_measurement=UNIT,
        properties={"intervalSeconds": 300},
        sensor=fsc.Sensor(
            name="TB-4", description="bucket", encoding_type="text/plain", metadata="TB-4"
        ),
        observed_property=fsc.ObservedProperty(
            name="rain", definition="urn:rain", description="rain"
        ),
        observations=[fsc.Observation(result=1.5, phenomenon_time=AT.isoformat())],
    )
    return fsc.Thing(
        name="Pier", description="at the pier", properties={"code": "PIER-1", "owner": "hydro"},
        locations=[place], datastreams=[stream],
    )  # fmt: skip


def test_a_client_takes_a_station_in_reads_it_changes_it_and_goes_through_its_readings(service):
    made = thing()
    service.create(made)
    assert isinstance(made.id, int)

    found = service.things().find(made.id)
    assert (found.name, found.properties["code"]) == ("Pier", "PIER-1")
    (place,) = found.get_locations().query().list()
    assert place.location["coordinates"] == [108.36, 30.81]

    (stream,) = found.get_datastreams().query().expand("Sensor,ObservedProperty").list()
    assert (stream.name, stream.sensor.name) == ("Rain at the pier", "TB-4")
    assert (stream.observed_property.name, stream.unit_of_measurement.symbol) == ("rain", "mm")

    for n in range(1, 8):
        at = (AT + timedelta(minutes=5 * n)).isoformat()
        one = fsc.Observation(result=n, phenomenon_time=at, datastream=stream)
        service.create(one)
        assert isinstance(one.id, int)
    readings = stream.get_observations().query().orderby("phenomenonTime", "asc").top(3).count()
    pages = readings.list()
    assert pages.count == 8
    assert [one.result for one in pages] == [1.5, 1, 2, 3, 4, 5, 6, 7]

    since = (AT + timedelta(minutes=20)).isoformat()
    some = stream.get_observations().query().filter(f"result gt 5 and phenomenonTime ge {since}")
    assert sorted(one.result for one in some.list()) == [6, 7]
    assert service.observations().find(one.id).result == 7

    found.description = "moved up the bank"
    service.update(found)
    service.patch(found, [{"op": "replace", "path": "/properties/owner", "value": "city"}])
    again = service.things().find(made.id)
    assert (again.description, again.properties["owner"]) == ("moved up the bank", "city")


def test_a_client_asks_by_place_and_by_what_belongs_to_it(service):
    inside = "geography'POLYGON ((108.3 30.7, 108.4 30.7, 108.4 30.9, 108.3 30.9, 108.3 30.7))'"
    near = service.things().query().filter(f"geo.intersects(Locations/location, {inside})")
    expand = "Datastreams($select=name,@iot.id;$expand=ObservedProperty;$orderby=name),Locations"
    (one,) = near.expand(expand).orderby("name", "asc").list()
    assert one.properties["code"] == "YB-1"
    assert {d.observed_property.name for d in one.datastreams} == {"rain", "water_level"}
    assert one.locations.entities[0].location["coordinates"] == [108.35, 30.80]

    hourly = service.datastreams().query().filter("Thing/properties/code eq 'YB-2'").list()
    assert [d.properties["intervalSeconds"] for d in hourly] == [3600]


def test_a_client_learns_why_something_is_refused_and_removes_only_what_holds_nothing(service):
    made = thing()
    made.datastreams.entities[0].observations = None
    service.create(made)
    (stream,) = made.get_datastreams().query().list()
    service.delete(stream)
    service.delete(made)
    with pytest.raises(Exception, match=r"404|@iot.id|result"):
        service.things().find(made.id)
