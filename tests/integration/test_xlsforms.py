"""Lists go out as XLSForms that other programs take, and forms of others come in by row."""

import re
from html import unescape
from shutil import which

import openpyxl
import pytest
from defusedxml import ElementTree
from pyxform.xls2xform import convert

from gis.authority import Role
from gis.exchange.writing.texts import workbook
from hazards.checklists import files, xlsform, xlsform_reading
from rescue_app.settings import PROJECT
from tests.patrols import load_reference
from tests.world import CITY, WANZHOU

SHIPPED = list(files.templates(PROJECT / "data/checklists"))
PAGE = {"accept": "text/html"}
FORM = "{http://www.w3.org/2002/xforms}"
CONTROLS = {f"{FORM}{tag}" for tag in ("select1", "input", "upload")}
# ODK Validate is a Java program; where there is no Java, pyxform's own checks and ours still hold.
ODK_VALIDATE = which("java") is not None


def written(tmp_path, template):
    path = tmp_path / f"{template.code}.xlsx"
    path.write_bytes(workbook(xlsform.sheets(template, version=3)))
    return path


def judged(path, *, validate=False):
    """Take a form as pyxform does, and look at what came of it."""
    form = ElementTree.fromstring(convert(path, validate=validate).xform)
    asked = [node.get("ref").rsplit("/", 1)[1] for node in form.iter() if node.tag in CONTROLS]
    binds = {node.get("nodeset").rsplit("/", 1)[1]: node for node in form.iter(f"{FORM}bind")}
    languages = {node.get("lang") for node in form.iter(f"{FORM}translation")}
    return asked, binds, languages


@pytest.mark.parametrize("template", SHIPPED[::12], ids=lambda one: one.code)
def test_a_list_is_a_form_that_others_take_and_comes_back_whole(tmp_path, template):
    path = written(tmp_path, template)
    asked, binds, languages = judged(path)
    assert [one for one in asked if not one.endswith("_stop")] == [i.code for i in template.items]
    assert languages == {"中文 (zh)", "English (en)"}
    for item in template.items:
        assert (binds[item.code].get("constraint") is None) == (item.minimum is item.maximum)
    back = xlsform_reading.read(path)
    assert back.slips == []
    assert files.TemplateEntry.model_validate(back.raw) == template


def test_every_kind_of_item_passes_odk_validate_and_comes_back(tmp_path):
    said = {
        "code": "all_kinds",
        "applies_to": ["point:critical", "asset:bridge"],
        "hazard_types": ["landslide"],
        "mode": "war",
        "rhythm": "hourly",
        "role": "crew",
        "name": {"zh": "各种题型 ${x}".replace("${", "＄{"), "en": "=1+1 & <b>"},
        "items": [
            {"code": "crack", "kind": "yes_no", "bad": False, "grade": 1, "stop": True,
             "question": "opening", "text": {"zh": "裂缝“贯通”", "en": "Crack < 5 & more"}},
            {"code": "crack_stop", "kind": "text", "text": {"zh": "备注", "en": "Note"}},
            {"code": "depth", "kind": "number", "unit": "cm", "minimum": -0.5, "maximum": 1e6,
             "above": 0.1, "below": "ice_mm", "grade": 1, "stop": True,
             "text": {"zh": "深度", "en": "Depth"}},
            {"code": "cover", "kind": "choice", "grade": 2, "text": {"zh": "井盖", "en": "Cover"},
             "choices": [{"value": "yes", "zh": "有", "en": "There"},
                         {"value": "gone", "zh": "缺", "en": "Gone", "bad": True}]},
            {"code": "photo", "kind": "photo", "required": True,
             "text": {"zh": "照片", "en": "Photo"}},
            {"code": "sign", "kind": "signature", "text": {"zh": "签名", "en": "Signature"}},
        ],
    }  # fmt: skip
    template = files.TemplateEntry.model_validate(said)
    path = written(tmp_path, template)
    asked, binds, _ = judged(path, validate=ODK_VALIDATE)
    assert {"crack", "crack_stop", "crack_stop_", "depth", "sign"} <= set(asked)
    assert binds["depth"].get("constraint") == ". >= -0.5 and . <= 1000000.0"
    assert "'no'" in binds["crack_stop_"].get("relevant")
    assert files.TemplateEntry.model_validate(xlsform_reading.read(path).raw) == template


@pytest.fixture
def city(client, sessions, world, sign_in):
    load_reference(sessions)
    sign_in(client, Role.PLANNER, CITY, "陈规划")
    client.cookies.set("yitong_lang", "en")
    return client


def foreign(tmp_path, *rows, choices=()):
    """A form as another program writes it."""
    book = openpyxl.Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(["type", "name", "label", "relevant", "constraint", "appearance", "calculation"])
    for row in rows:
        survey.append(row)
    sheet = book.create_sheet("choices")
    sheet.append(["list_name", "name", "label"])
    for row in choices:
        sheet.append(row)
    settings = book.create_sheet("settings")
    settings.append(["form_title", "form_id"])
    settings.append(["Bridge check", "Bridge-Check 2024"])
    path = tmp_path / "foreign.xlsx"
    book.save(path)
    return path


def send(client, name, content):
    return client.post("/checklists/import", files={"file": (name, content)}, headers=PAGE)


def test_a_foreign_form_opens_in_the_editor_with_what_did_not_fit_by_row(city, tmp_path):
    path = foreign(
        tmp_path,
        ["start", "start"],
        ["begin group", "G1", "Deck"],
        ["select_one yn", "Railing.OK", "Is the railing sound?"],
        ["select_one cond", "deck", "Deck", "${Railing.OK} = 'no'"],
        ["end group"],
        ["select_multiple cond", "more", "More"],
        ["integer", "cars", "Cars", None, ". >= 0 and . <= 500"],
        ["decimal", "depth", "Depth", None, ". > 0"],
        ["geopoint", "where", "Where"],
        ["calculate", "twice", None, None, None, None, "${cars} * 2"],
        ["image", "sig", "Signature", None, None, "signature"],
        choices=[
            ["yn", "Yes", "Yes"],
            ["yn", "No", "No"],
            ["cond", "1", "Good"],
            ["cond", "2", "Bad"],
        ],
    )
    answer = send(city, "foreign.xlsx", path.read_bytes())
    assert answer.status_code == 200
    html = unescape(answer.text)
    slips = re.findall(
        r"<tr><td>survey</td><td>(\d+)</td><td class=\"mono\">(\w+)</td>", html.split("Why")[1]
    )
    wanted = {("5", "relevant"), ("7", "type"), ("9", "constraint"), ("10", "type"), ("11", "type")}
    assert wanted <= set(slips)
    kinds = re.findall(r"<h3>\d+ · ([\w ]+)</h3>", html)
    assert kinds == ["Yes or no", "Choice", "A number", "A number", "Signature"]
    assert 'value="bridge_check_2024"' in html
    assert "bridge_check_2024" not in city.get("/checklists", headers=PAGE).text


def test_a_list_of_ours_edited_elsewhere_becomes_its_next_version(city):
    code = "landslide_watch"
    book = city.get(f"/checklists/{code}/form.xlsx?version=1")
    assert book.headers["content-disposition"] == f'attachment; filename="{code}.xlsx"'
    html = send(city, "x.xlsx", book.content).text
    assert f'action="/checklists/{code}/edit"' in html
    assert 'name="seen" value="1"' in html
    assert "What did not fit" not in html
    assert city.get(f"/checklists/{code}/form.xlsx?version=9").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("form.xlsx", b"no workbook", ""),
        ("form.xlsm", b"PK\x03\x04", "may hold macros"),
        ("form.csv", b"type,name\ntext,a\n", "no sheet"),
        ("form.xlsx", b"", "Choose a file first."),
    ],
)
def test_what_is_no_form_is_refused_with_the_reason(city, name, content, told):
    answer = send(city, name, content)
    assert answer.status_code == 422
    assert told in unescape(answer.text)


def test_a_form_that_breaks_its_own_rules_is_refused_in_pyxforms_words(city, tmp_path):
    path = foreign(tmp_path, ["select_one nowhere", "a", "A"], choices=[["yn", "yes", "Yes"]])
    answer = send(city, "form.xlsx", path.read_bytes())
    assert answer.status_code == 422
    assert "nowhere" in answer.text


def test_a_districts_planner_sees_what_his_form_would_become_and_the_city_publishes(city, sign_in):
    book = city.get("/checklists/landslide_watch/form.xlsx?version=1").content
    sign_in(city, Role.PLANNER, WANZHOU)
    assert "Try an XLSForm" in city.get("/checklists", headers=PAGE).text
    assert "The city publishes lists." in city.get("/checklists/import", headers=PAGE).text
    answer = send(city, "form.xlsx", book)
    html = unescape(answer.text)
    assert answer.status_code == 200
    assert "who publishes it" in html
    assert "It would be the next version of a list." in html
    assert 'value="save"' not in html
    assert send(city, "form.xlsx", b"PK").status_code == 422
    sign_in(city, Role.STREET_COMMANDER, WANZHOU)
    assert city.get("/checklists/import", headers=PAGE).status_code == 403
    assert send(city, "form.xlsx", book).status_code == 403
