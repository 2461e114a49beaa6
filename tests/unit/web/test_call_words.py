"""Every matter that people are called about has a name on the pages of calls."""

import re

import pytest
import yaml

from gis.store.scope import PROGRAM
from hazards.alerts import calling as told
from hazards.alerts import ringing
from hazards.alerts import service as warnings
from hazards.alerts.rules import TOPIC as ALERT
from hazards.cap import calling_off
from hazards.cap import service as cap
from hazards.duty import turns
from hazards.judging import proposing
from hazards.monitoring import watching
from hazards.tasks import alarm, making, overdue
from qr_codes.findings import keeping
from rescue_app.dispatch import calling as orders
from rescue_app.dispatch.members import calling as parts
from rescue_app.evacuation import patrols
from rescue_app.incidents import raising, reporting
from rescue_app.incidents import service as incidents
from rescue_app.loans import ringing as loans
from rescue_app.review import ringing as lessons
from rescue_app.settings import PROJECT
from rescue_app.site import calling as site
from rescue_app.web.render import TEMPLATES
from rescue_app.web.words import PICKED, own_name

CALLED_ABOUT = {
    ALERT, ringing.TOPIC, turns.TOPIC, watching.TOPIC, making.TOPIC, keeping.TOPIC, orders.TOPIC,
    orders.CHANGE_TOPIC, parts.TOPIC, parts.CHANGE_TOPIC, patrols.TOPIC, raising.TOPIC,
    loans.TOPIC, lessons.TOPIC, site.SUPPORT, site.CHECK_IN,
}  # fmt: skip


def test_no_matter_of_a_call_is_shown_by_its_code():
    text = (TEMPLATES / "calls" / "words.html").read_text("utf-8")
    named = text.split("set TOPICS = {")[1].split("}")[0]
    assert sorted(topic for topic in CALLED_ABOUT if f'"{topic}": _(' not in named) == []


def test_the_program_is_named_in_the_readers_language_and_people_as_they_are():
    assert [own_name(PROGRAM.name, locale) for locale in ("zh", "en")] == ["系统", "system"]
    assert own_name("王敏 · 万州", "en") == "王敏 · 万州"


KEPT_IN_BOTH = (
    ringing.ANSWERED, watching.HEARD_AGAIN, overdue.CANCELLED, alarm.ALL_DONE, raising.CALLED_AGAIN,
    reporting.REPORTED, incidents.CLOSED, incidents.REOPENED, warnings.OVER, told.OUTSIDE,
    told.GRAVER, calling_off.CALLED_OFF, cap.UPDATED, proposing.REPLACED,
)  # fmt: skip


@pytest.mark.parametrize("why", KEPT_IN_BOTH)
def test_a_reason_that_the_program_gives_is_read_in_one_language(why):
    zh, en = why.split(" · ")
    assert (own_name(why, "zh"), own_name(why, "en")) == (zh, en)


def test_what_is_picked_from_a_list_is_read_in_the_readers_language():
    assert own_name("道路中断", "en") == own_name("Road cut", "en") == "Road cut"
    assert own_name("Road cut", "zh") == "道路中断"
    assert own_name("桥断了 · K12", "en") == "桥断了 · K12"


def test_every_reason_of_the_page_is_one_that_is_known():
    text = (TEMPLATES / "calls" / "words.html").read_text("utf-8")
    reasons = re.findall(r'_\("([^"]+)"\)', text.split("set REASONS = (")[1].split(") %}")[0])
    assert reasons == [one for one in PICKED if one in reasons]


def test_posts_that_ship_have_their_english():
    listed = yaml.safe_load((PROJECT / "data/scenario/organisation.yaml").read_text("utf-8"))
    posts = {post["zh"] for group in listed["posts"].values() for post in group}
    assert {post for post in posts if own_name(post, "en") == post} == set()
