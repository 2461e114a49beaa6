"""Every matter that people are called about has a name on the pages of calls."""

from gis.store.scope import PROGRAM
from hazards.alerts import ringing
from hazards.alerts.rules import TOPIC as ALERT
from hazards.duty import turns
from hazards.monitoring import watching
from hazards.tasks import making
from qr_codes.findings import keeping
from rescue_app.dispatch import calling as orders
from rescue_app.dispatch.members import calling as parts
from rescue_app.evacuation import patrols
from rescue_app.incidents import raising
from rescue_app.loans import ringing as loans
from rescue_app.review import ringing as lessons
from rescue_app.site import calling as site
from rescue_app.web.render import TEMPLATES
from rescue_app.web.words import own_name

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
