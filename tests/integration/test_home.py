"""The start page counts what really happens; drills stand beside it, and made-up data is named."""

import re

import pytest

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.incidents.models import Incident
from tests.reviewing import PAGE, story
from tests.world import WANZHOU

__all__ = ["story"]

pytestmark = pytest.mark.usefixtures("world")


def figure(page, path):
    """Give what one figure of the page says."""
    said = re.search(rf'<a class="figure" href="{path}">(.*?)</a>', page, re.DOTALL)[1]
    return re.sub(r"<[^>]+>", " ", said).split()[1:]


def test_a_drill_is_not_counted_among_what_really_happens(story):
    for is_drill in (False, True):
        incident_id = story.incident(is_drill=is_drill)
        for _ in range(1 + is_drill):
            story.issue(incident_id, story.cast.unit(WANZHOU))
    page = story.street.sign_in("wanzhou").get("/", headers=PAGE).text
    assert figure(page, "/incidents") == ["1", "演练", "1"]
    assert figure(page, "/inbox") == ["1", "演练", "2"]


def test_figures_that_count_made_up_data_say_so(story, sessions):
    incident_id = story.incident()
    desk = story.street.sign_in("wanzhou")
    assert "以上数字含演示数据" not in desk.get("/", headers=PAGE).text
    with unit_of_work(sessions, SYSTEM) as session:
        session.get(Incident, incident_id).synthetic = True
    assert "以上数字含演示数据" in desk.get("/", headers=PAGE).text


def test_the_start_page_counts_what_rings_for_a_crew(story):
    def counted():
        return figure(story.street.sign_in("crew").get("/", headers=PAGE).text, "/crew")

    assert counted() == ["0"]
    for is_drill in (False, True):
        order_id = story.issue(story.incident(is_drill=is_drill), story.cast.crew("gaosuntang"))
    assert counted() == ["1", "演练", "1"]
    story.tell("crew", order_id, "Gaosuntang crew 1", "accepted", 3)
    assert counted() == ["1"]
