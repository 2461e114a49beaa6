"""The lists' pages: what a planner writes, moves, is told beside the field, and publishes."""

import re
from html import unescape

import pytest

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import types
from rescue_app.settings import PROJECT
from tests.patrols import load_reference
from tests.world import CITY, GAOSUNTANG, WANZHOU

PAGE = {"accept": "text/html"}
EDIT = "/checklists/landslide_hidden_flood/edit"
FIELD = re.compile(
    r'<(?:input|textarea)\b(?=[^>]*\bname="(?P<name>\w+)")(?P<tag>[^>]*)>'
    r'|<select\b[^>]*\bname="(?P<select>\w+)"[^>]*>(?P<options>.*?)</select>',
    re.DOTALL,
)


def fields(html):
    """What a browser would send of the editor, in its order."""
    sent = []
    form = html.split('id="editor"', 1)[1].split('class="card beside"')[0]
    for found in FIELD.finditer(form):
        if found["select"]:
            options = re.findall(r'<option value="([^"]*)"( selected)?', found["options"])
            chosen = next((value for value, on in options if on), options[0][0])
            sent.append((found["select"], unescape(chosen)))
        elif "checkbox" not in found["tag"] or " checked" in found["tag"]:
            value = re.search(r'value="([^"]*)"', found["tag"])
            sent.append((found["name"], unescape(value[1]) if value else ""))
    return sent


def post(client, address, form, do):
    body = {}
    for name, value in [*form, ("do", do)]:
        body.setdefault(name, []).append(value)
    return client.post(address, data=body, headers=PAGE)


def with_value(form, name, number, value):
    places = [place for place, (key, _) in enumerate(form) if key == name]
    return [(k, value if place == places[number] else v) for place, (k, v) in enumerate(form)]


@pytest.fixture
def city(client, sessions, world, sign_in):
    load_reference(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data/hazard_types.yaml")
    sign_in(client, Role.PLANNER, CITY, "陈规划")
    client.cookies.set("yitong_lang", "en")
    return client


def test_the_list_of_lists_is_narrowed_by_place_hazard_and_mode(city):
    asked = {"subject": "hidden_danger", "hazard_type": "landslide", "mode": "war"}
    html = city.get("/checklists", params=asked, headers=PAGE).text
    assert set(re.findall(r'href="/checklists/(\w+)">', html)) == {
        "figures", "import", "new", "landslide_watch", "evacuation", "return_guard",
    }  # fmt: skip
    assert "No list fits" in city.get("/checklists?q=zzz", headers=PAGE).text


def test_opening_and_publishing_without_a_change_makes_no_version(city):
    form = fields(city.get(EDIT, headers=PAGE).text)
    assert post(city, EDIT, form, "save").status_code == 303
    html = city.get("/checklists/landslide_hidden_flood", headers=PAGE).text
    assert "Version 1" in html
    assert "Version 2" not in html


def test_items_are_added_moved_and_taken_out_and_the_difference_is_shown(city):
    form = fields(city.get(EDIT, headers=PAGE).text)
    form = fields(post(city, EDIT, form, "remove:1").text)
    form = fields(post(city, EDIT, form, "add:choice").text)
    last = sum(name == "item_code" for name, _ in form) - 1
    form = with_value(form, "item_zh", last, "坡上水池")
    form = with_value(form, "item_en", last, "Pond above the slope")
    refused = post(city, EDIT, form, "save")
    assert refused.status_code == 422
    assert "A choice needs at least two answers." in refused.text
    for _ in range(2):
        form = fields(post(city, EDIT, form, f"choice:{last}").text)
    for place, (zh, en) in enumerate([("满", "Full"), ("空", "Empty")]):
        number = sum(name == "choice_zh" for name, _ in form) - 2 + place
        form = with_value(form, "choice_zh", number, zh)
        form = with_value(form, "choice_en", number, en)
    form = fields(post(city, EDIT, form, f"up:{last}").text)
    assert post(city, EDIT, form, "save").status_code == 303
    html = city.get("/checklists/landslide_hidden_flood", headers=PAGE).text
    changed = html.split('id="versions"')[1].split("</li>")[0]
    assert re.findall(r"<(del|ins)>([^<]+)</", changed) == [
        ("ins", "Pond above the slope"),
        ("del", "Cracks in the middle and front"),
    ]
    old = city.get("/checklists/landslide_hidden_flood?version=1", headers=PAGE).text
    assert "Cracks in the middle and front" in old.split("As the phone shows it")[-1]
    taken = city.post("/checklists/landslide_hidden_flood/versions/1", headers=PAGE)
    assert taken.status_code == 303
    assert "Version 3" in city.get("/checklists/landslide_hidden_flood", headers=PAGE).text


@pytest.mark.parametrize(
    ("name", "number", "value", "told"),
    [
        ("name_en", 0, "", "This is needed. Fill it in."),
        ("item_zh", 2, " ", "This is needed. Fill it in."),
        ("item_code", 1, "Riss!", "Small letters, digits and _ only"),
        ("item_code", 1, "rear_arc_crack", "Two items have the same code."),
        ("item_maximum", 2, "viel", "Write a number"),
        ("window_hours", 0, "0", "This is too small."),
        ("role", 0, "king", "Choose one."),
    ],
)
def test_a_slip_is_told_and_what_was_typed_stays(city, name, number, value, told):
    form = with_value(fields(city.get(EDIT, headers=PAGE).text), name, number, value)
    refused = post(city, EDIT, form, "save")
    assert refused.status_code == 422
    assert told in unescape(refused.text)
    assert [one for one in fields(refused.text) if one[0] == "item_en"] == [
        one for one in form if one[0] == "item_en"
    ]


def test_of_two_planners_the_second_is_told_who_was_first(city):
    form = fields(city.get(EDIT, headers=PAGE).text)
    post(city, EDIT, with_value(form, "name_en", 0, "First"), "save")
    late = post(city, EDIT, with_value(form, "name_en", 0, "Second"), "save")
    assert late.status_code == 422
    assert "陈规划 published version 2" in late.text
    assert "First" in city.get("/checklists/landslide_hidden_flood", headers=PAGE).text


def test_a_new_list_is_asked_and_taken_out_of_force_and_back(city):
    form = fields(city.get("/checklists/new", headers=PAGE).text)
    form = fields(post(city, "/checklists/new", form, "add:photo").text)
    typed = {"name_zh": "冬季", "name_en": "Winter", "code": "winter_round"}
    typed |= {"item_zh": "冰", "item_en": "Ice", "item_required": "yes"}
    for name, value in typed.items():
        form = with_value(form, name, 0, value)
    form.append(("applies_to", "point:prevention"))
    assert post(city, "/checklists/new", form, "save").status_code == 303
    city.post("/checklists/winter_round/retire", headers=PAGE)
    assert "winter_round" not in city.get("/checklists", headers=PAGE).text
    city.post("/checklists/winter_round/versions/1", headers=PAGE)
    assert "winter_round" in city.get("/checklists", headers=PAGE).text
    again = fields(city.get("/checklists/winter_round/edit", headers=PAGE).text)
    assert ("item_required", "yes") in again, "a photo that is needed stays needed"


def test_units_that_are_words_are_said_in_the_readers_language(city):
    for lang, said in (("zh", "5 月"), ("en", "5 month")):
        assert said in city.get(f"/checklists/figures?lang={lang}").text


def test_a_district_reads_lists_and_sets_figures_but_writes_no_list(city, sign_in):
    sign_in(city, Role.PLANNER, WANZHOU, "万规划")
    assert EDIT not in city.get("/checklists/landslide_hidden_flood", headers=PAGE).text
    assert city.get(EDIT, headers=PAGE).status_code == 403
    assert city.post("/checklists/evacuation/retire", headers=PAGE).status_code == 403
    wrong = city.post("/checklists/figures/rain_hour_mm", data={"value": "viel"}, headers=PAGE)
    assert wrong.status_code == 422
    city.post("/checklists/figures/rain_hour_mm", data={"value": "12,5"}, headers=PAGE)
    sign_in(city, Role.PATROL, GAOSUNTANG)
    html = city.get("/checklists/landslide_urgent", headers=PAGE).text
    assert "bad above 12.5 mm" in html
    refused = city.post("/checklists/figures/rain_hour_mm", data={"value": "1"}, headers=PAGE)
    assert refused.status_code == 403
