"""One tap on what a camera saw: an incident with its place and picture, a known one, or nothing."""

from uuid import UUID

import pytest
from sqlalchemy import select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.alerts.models import Alert
from qr_codes.sightings.models import SightingDecision
from rescue_app.http.dependencies import COOKIE
from rescue_app.incidents.models import Incident
from tests.integration.monitoring.test_sightings import FAR, all_of, picture, tell
from tests.world import IN_GAOSUNTANG

__all__ = ["tell"]
HTML = {"accept": "text/html"}


@pytest.fixture
def desk(client, street, people):
    """`desk("wanzhou", path, **form)`: what that person is shown there, after any way on."""

    def go(who, path="/sightings", **form):
        client.cookies.set(COOKIE, people.token(street.cast.accounts[who]))
        if form:
            return client.post(path, data=form, headers=HTML, follow_redirects=True)
        return client.get(path, headers=HTML)

    return go


@pytest.fixture
def seen(tell):
    """Let a camera see water on a street far from every asset; give its number and path."""
    (told,) = tell({"snapshot": picture()})
    return UUID(told["sighting"]), f"/sightings/{told['sighting']}"


def test_one_tap_makes_an_incident_of_it_once_with_place_and_picture(desk, sessions, seen):
    number, path = seen
    waiting = desk("wanzhou", "/sightings?waiting=true").text
    assert f'action="{path}/incident"' in waiting
    shown = desk("wanzhou", f"{path}/incident", x="1")
    assert (shown.status_code, 'src="/files/' in shown.text) == (200, True)
    assert desk("wanzhou", f"{path}/incident", x="1").status_code == 200
    (incident,) = all_of(sessions, Incident)
    assert (incident.source, incident.source_ref) == ("sensor", number)
    assert (incident.place.x, incident.place.y, incident.hazard_type) == (*FAR, "waterlogging")
    assert path not in desk("wanzhou", "/sightings?waiting=true").text
    assert desk("wanzhou", f"{path}/dismiss", why="影子").status_code == 409
    assert len(all_of(sessions, SightingDecision)) == 1


def test_it_is_joined_with_an_incident_nearby_whose_log_says_so(desk, tell, sessions, seen):
    _, path = seen
    desk("wanzhou", f"{path}/incident", x="1")
    (incident,) = all_of(sessions, Incident)
    (second,) = tell({"kind": "slope_debris", "longitude": FAR[0] + 0.002})
    page = desk("wanzhou").text
    other = f"/sightings/{second['sighting']}"
    assert f'action="{other}/join"' in page
    assert f'value="{incident.id}"' in page
    shown = desk("wanzhou", f"{other}/join", into=str(incident.id)).text
    assert shown.count("牌楼 3 号") >= 2
    assert desk("wanzhou", f"{other}/incident", x="1").status_code == 409
    assert len(all_of(sessions, Incident)) == 1


def test_dismissed_with_a_reason_the_warning_that_was_proposed_goes_too(desk, sessions, seen):
    _, path = seen
    assert desk("wanzhou", f"{path}/dismiss", why=" ").status_code == 422
    assert desk("wanzhou", f"{path}/dismiss", why="镜头反光").status_code == 200
    assert "镜头反光" in desk("wanzhou").text
    (alert,) = all_of(sessions, Alert)
    assert (alert.state, alert.ended_why) == ("dropped", "镜头反光")
    desk("wanzhou", f"{path}/incident", x="1")  # it was something after all
    with unit_of_work(sessions, SYSTEM) as session:
        said = session.scalars(select(SightingDecision.decision)).all()
    assert sorted(said) == ["dismissed", "incident"]


def test_what_is_near_is_told_with_its_distance_and_only_commanders_decide(desk, tell, bridge):
    near = {"longitude": IN_GAOSUNTANG.x + 0.0002, "latitude": IN_GAOSUNTANG.y}
    (told,) = tell(near)
    path = f"/sightings/{told['sighting']}"
    shown = desk("wanzhou").text
    assert f'href="/assets/{bridge.asset["id"]}"' in shown
    assert " 米" in shown
    assert f'action="{path}' not in desk("planner").text
    assert desk("planner", f"{path}/incident", x="1").status_code == 403
    assert desk("yunyang", f"{path}/incident", x="1").status_code == 404
