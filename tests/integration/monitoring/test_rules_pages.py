"""Rules are changed on a page: tried on the past, published, put back, taken out, and as files."""

import re
from html import unescape

import pytest

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards import shipped
from hazards.judging import files, repository
from hazards.judging.live import Judge
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import PROJECT
from tests.integration.monitoring.test_judging import changes, storm
from tests.monitoring import LIST, bring

STEPS = {
    "step_colour": ["blue", "red"],
    "step_at": ["30", "60"],
    "step_hours": ["1", "168"],
    "step_mark": ["", ""],
}
RULE = STEPS | {
    "name_zh": "强降雨",
    "name_en": "Heavy rain",
    "hazard_type": "waterlogging",
    "property": "rain",
    "kind": "sum",
    "decay": "0.84",
}


@pytest.fixture
def city(client, sessions, cast, people, tmp_path):
    """Let the city's commander look, over two stations and what ships."""
    bring(sessions, tmp_path, cast.actor("city"), *LIST)
    with unit_of_work(sessions, SYSTEM) as session:
        shipped.load(session, PROJECT / "data")
    client.cookies.set(COOKIE, people.token(cast.accounts["city"]))
    return client


def in_force(sessions, code="rainstorm"):
    with unit_of_work(sessions, SYSTEM) as session:
        held = repository.held(session, code)
        return held and (held.version, files.RuleEntry.model_validate(held.definition))


def test_a_rule_is_written_tried_and_published(city, sessions):
    storm(sessions, Judge())
    asked = RULE | {"do": "try", "station": "YB-1", "first": "2026-06-30", "last": "2026-07-02"}
    tried = city.post("/rules/new/edit?lang=en", data=asked).text
    assert "Rain of the last 1 h 32 mm; the blue threshold is 30 mm" in tried
    assert "of the last 7 days (each day back counts 0.84 times)" in tried
    assert "Heavy rain" not in city.get("/rules?lang=en").text
    made = city.post("/rules/new/edit", data=RULE | {"do": "save"}, follow_redirects=False)
    assert made.status_code == 303
    entry = in_force(sessions, made.headers["location"].split("/")[-1])[1]
    assert [(one.at, one.hours) for one in entry.steps] == [(30, 1), (60, 168)]
    assert entry.decay == 0.84
    assert "Heavy rain" in city.get("/rules?lang=en").text


def test_the_editor_shows_every_shipped_rule_and_publishes_it_unchanged(city, sessions):
    for code in ("rainstorm", "landslide_rain", "landslide_wet", "river_level", "crack_rate"):
        shown = city.get(f"/rules/{code}/edit").text
        before = in_force(sessions, code)
        sent = filled(shown) | {"do": "save"}
        told = city.post(f"/rules/{code}/edit", data=sent, follow_redirects=False)
        assert told.status_code == 303
        assert in_force(sessions, code) == before


def filled(page):
    """Give what a browser would send of a form that it shows."""
    form = page[page.index('id="editor"') : page.index("</form>", page.index('id="editor"'))]
    told = {}
    parts = r"<input\b([^>]*)>|<(select|textarea)\b([^>]*)>(.*?)</\2>"
    for plain, tag, words, inner in re.findall(parts, form, re.DOTALL):
        name = re.search(r'\bname="([^"]+)"', plain or words)
        value = re.search(r'\bvalue="([^"]*)"', plain)
        if tag == "select":
            value = re.search(r'value="([^"]*)" selected', inner)
        said = inner if tag == "textarea" else value[1] if value else ""
        if name:
            told.setdefault(name[1], []).append(unescape(said))
    return told


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name_zh": ""}, "The rule needs its name in both languages."),
        ({"step_at": ["many", "60"]}, "“many” is no number"),
        ({"step_hours": ["", "168"]}, "Step 1 needs its hours."),
        ({"step_at": ["", ""]}, "The rule has no step yet"),
        ({"step_at": ["70", "60"], "step_hours": ["3", "3"]}, "a graver colour needs a higher"),
        ({"property": "water_level"}, "water_level is a state and cannot be added up."),
        ({"kind": "curve", "alpha": "14.8", "beta": "0.4"}, "A curve needs its source"),
        ({"kind": "over", "step_mark": ["flood", "flood"]}, "rain has no mark flood."),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_in_words(city, wrong, said):
    told = city.post("/rules/new/edit?lang=en", data=RULE | {"do": "save"} | wrong)
    assert told.status_code == 422
    assert said in told.text


def test_steps_are_added_and_taken_out_and_nothing_typed_is_lost(city):
    more = city.post("/rules/new/edit", data=RULE | {"do": "add:step"}).text
    assert more.count('name="step_at"') == 3
    less = city.post("/rules/new/edit", data=RULE | {"do": "remove:step.0"}).text
    assert filled(less)["step_at"] == ["60"]
    other = filled(city.post("/rules/new/edit", data=RULE | {"do": "kind:value"}).text)
    assert (other["step_hours"], other["kind"]) == (["1", "168"], ["value"])


def test_who_published_meanwhile_is_told_and_an_earlier_version_comes_back(city, sessions):
    own = filled(city.get("/rules/rainstorm/edit").text)
    city.post("/rules/rainstorm/edit", data=own | {"ease": "70", "do": "save"})
    late = city.post("/rules/rainstorm/edit?lang=en", data=own | {"ease": "60", "do": "save"})
    assert "has published version 2" in late.text
    shown = city.get("/rules/rainstorm?lang=en").text
    assert "Holds down to, % of its step: 80 % → 70 %" in shown
    city.post("/rules/rainstorm/versions/1")
    assert (in_force(sessions)[0], in_force(sessions)[1].ease) == (3, 0.8)


def test_a_rule_taken_out_of_force_ends_what_stands_by_it(city, sessions):
    storm(sessions, Judge())
    with unit_of_work(sessions, SYSTEM) as session:
        assert repository.standing_counts(session)["landslide_rain"] == 1
    city.post("/rules/landslide_rain/retire")
    assert in_force(sessions, "landslide_rain") is None
    with unit_of_work(sessions, SYSTEM) as session:
        assert "landslide_rain" not in repository.standing_counts(session)
    with unit_of_work(sessions, SYSTEM) as session:
        shipped.load(session, PROJECT / "data")
    assert in_force(sessions, "landslide_rain") is None
    city.post("/rules/landslide_rain/versions/1")
    assert in_force(sessions, "landslide_rain")[0] == 2


def test_rules_go_out_as_a_file_and_come_in_again_after_a_look(city, sessions):
    said = city.get("/rules/file.yaml").text
    assert len(files.read_text(said.encode())) == 6
    changed = said.replace("down_after_min: 180", "down_after_min: 240")
    shown = city.post("/rules/import?lang=en", files={"file": ("rules.yaml", changed)}).text
    assert "Each step down takes, min: 180 → 240" in shown
    assert in_force(sessions, "landslide_rain")[0] == 1
    city.post("/rules/import/apply", data={"said": changed})
    assert in_force(sessions, "landslide_rain")[0] == 2
    assert in_force(sessions, "rainstorm")[0] == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b"- {code: [", "This is no YAML"),
        (b"rules: 3", "This is no list of rules"),
        (b"- {code: storm, kind: sum, colour: red}", "storm → name does not fit: Field required"),
    ],
)
def test_a_file_that_is_no_list_of_rules_is_refused(city, wrong, said):
    told = city.post("/rules/import?lang=en", files={"file": ("rules.yaml", wrong)})
    assert told.status_code == 422
    assert said in told.text


def test_only_who_may_set_thresholds_for_the_city_changes_rules(city, cast, people, sessions):
    for who in ("wanzhou", "street"):
        city.cookies.set(COOKIE, people.token(cast.accounts[who]))
        assert "/rules/rainstorm/edit" not in city.get("/rules/rainstorm").text
        for path in ("rainstorm/edit", "rainstorm/retire", "rainstorm/versions/1"):
            assert city.post(f"/rules/{path}", data=RULE | {"do": "save"}).status_code == 403
    assert in_force(sessions)[0] == 1
    assert changes(sessions) == []
