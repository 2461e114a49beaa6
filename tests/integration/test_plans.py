"""Response plans: a higher level contains the lower, versions, the editor and the file."""

import json
import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
import yaml
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from gis.authority import Role
from gis.errors import Conflict, Forbidden, Rejected
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from hazards.points import types
from rescue_app.http.dependencies import COOKIE
from rescue_app.plans import files, repository, rules, service
from rescue_app.settings import PROJECT
from tests.patrols import load_reference
from tests.world import CITY, WANZHOU

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
LISTS = PROJECT / "data" / "plans" / "lists"
HTML = {"accept": "text/html"}
KINDS = ("geological", "flash_flood", "river_flood", "waterlogging", "forest_fire", "bridge_road",
         "other")  # fmt: skip


@pytest.fixture
def shipped(sessions, world):
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data" / "hazard_types.yaml")
    load_reference(sessions)


def in_force(sessions, kind="geological"):
    with unit_of_work(sessions, SYSTEM) as session:
        return repository.in_force(session, kind)


def publish(sessions, people, entry, *, seen=1, role=Role.CITY_COMMANDER, area=CITY):
    by = people.add(role, area, "陈市长").as_actor()
    with unit_of_work(sessions, Scope.of(by)) as session:
        return service.publish(session, entry, seen_version=seen, by=by, now=NOW)


def shorter(entry):
    return entry.model_copy(update={"actions": entry.actions[1:]})


@pytest.mark.parametrize("kind", KINDS)
def test_every_plan_that_ships_grows_with_its_level_in_the_order_of_a_notice(kind):
    entry = files.read(LISTS / f"{kind}.yaml")
    assert "outline only" in entry.follows.en
    lists = [rules.at_level(entry.as_actions(), level) for level in ("IV", "III", "II", "I")]
    for lower, higher in pairwise(lists):
        assert {one.code for one in lower} < {one.code for one in higher}
    steps = [rules.STEPS.index(action.step) for action in lists[-1]]
    assert steps == sorted(steps)
    assert set(steps) == set(range(len(rules.STEPS)))
    assert files.checked(yaml.safe_load(files.written(entry))) == entry
    assert all(action.checklist for action in entry.actions if action.crew)


def test_a_citys_own_version_stays_in_force_when_the_shipped_file_changes(
    shipped, sessions, people, tmp_path
):
    entry = files.read(LISTS / "geological.yaml")
    assert in_force(sessions).version == 1
    publish(sessions, people, shorter(entry))
    changed = entry.model_copy(update={"actions": entry.actions[2:]})
    (tmp_path / "geological.yaml").write_text(files.written(changed), encoding="utf-8")
    for _ in range(2):
        with unit_of_work(sessions, SYSTEM) as session:
            service.load(session, tmp_path, now=NOW)
            found = repository.versions(session, "geological")
    assert [(one.version, one.shipped, one.in_force) for one in found] == [
        (3, True, False),
        (2, False, True),
        (1, True, False),
    ]


def test_who_is_behind_is_told_and_only_the_city_publishes(shipped, sessions, people):
    entry = files.read(LISTS / "geological.yaml")
    assert publish(sessions, people, entry).version == 1  # as it stands: no new version
    publish(sessions, people, shorter(entry))
    with pytest.raises(Conflict, match="陈市长"):
        publish(sessions, people, entry, seen=1)
    with pytest.raises(Forbidden):
        publish(sessions, people, entry, role=Role.PLANNER, area=WANZHOU)
    odd = entry.actions[0].model_copy(update={"materials": {"moon_rock": 1}})
    with pytest.raises(Rejected, match="moon_rock"):
        publish(sessions, people, entry.model_copy(update={"actions": (odd,)}), seen=2)
    planner = people.add(Role.PLANNER, WANZHOU).as_actor()
    with unit_of_work(sessions, Scope.of(planner)) as session:
        touched = session.execute(text("UPDATE plan_version SET in_force = false"))
        assert touched.rowcount == 0
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with denied, unit_of_work(sessions, SYSTEM) as session:
        session.execute(text("UPDATE plan_version SET content = '{}'"))


def fields(page):
    """What a browser would send of the editor's form, in its order."""
    form = re.search(r'<form id="editor".*?</form>', page, re.DOTALL)[0]
    found = {}
    for tag in re.finditer(r"<(input|textarea|select)[^>]*name=\"(\w+)\".*?(?=<(?:div|/div))",
                           form, re.DOTALL):  # fmt: skip
        said = tag[0]
        if tag[1] == "select":
            value = re.search(r'value="([^"]*)" selected', said)[1]
        elif tag[1] == "textarea":
            value = said.partition(">")[2].partition("</textarea>")[0]
        else:
            value = re.search(r'value="([^"]*)"', said)[1]
        found.setdefault(tag[2], []).append(value)
    return found


def test_a_plan_is_edited_brought_in_and_taken_back_by_forms_alone(
    shipped, client, people, sessions
):
    client.cookies.set(COOKIE, people.token(people.add(Role.CITY_COMMANDER, CITY, "陈市长")))
    here = "/plans/geological"
    low, high = (client.get(f"{here}?level={one}", headers=HTML).text for one in ("IV", "I"))
    assert "巡查隐患点" in low
    assert "搜救被困人员" not in low
    assert "搜救被困人员" in high
    sent = fields(client.get(f"{here}/edit", headers=HTML).text)
    count = len(sent["action_zh"])
    added = client.post(f"{here}/edit", data=sent | {"do": "add:rescue"}, headers=HTML)
    sent = fields(added.text)
    assert len(sent["action_zh"]) == count + 1
    bad = client.post(f"{here}/edit", data=sent | {"do": "save"}, headers=HTML)
    assert (bad.status_code, "中英文" in bad.text) == (422, True)
    sent["action_zh"][-1], sent["action_en"][-1] = "调集直升机", "Bring a helicopter"
    sent["action_materials"][-1] = "light 3"
    sent["action_checklist_zh"][-1] = "设观察哨\n查风速\n"
    sent["action_checklist_en"][-1] = "Post a look-out"
    bad = client.post(f"{here}/edit", data=sent | {"do": "save"}, headers=HTML)
    assert (bad.status_code, "中文 2 行，英文 1 行" in bad.text) == (422, True)
    at = rf'id="checklist-en-{count}-error".*?中文 2 行'
    assert re.search(at, bad.text, re.DOTALL)  # said at its field, and that is gone to
    assert re.search(rf'id="checklist-en-{count}"[^>]*autofocus', bad.text)
    first = sent | {"action_within_min": ["99999", *sent["action_within_min"][1:]], "do": "save"}
    sent["action_checklist_en"][-1] += "\nMeasure the wind"
    first["action_checklist_en"] = sent["action_checklist_en"]
    bad = client.post(f"{here}/edit", data=first, headers=HTML).text
    assert re.search(r'id="within-0-error".*?不得大于 10080', bad, re.DOTALL)
    bad = client.post(f"{here}/edit", data=sent | {"name_zh": "", "do": "save"}, headers=HTML).text
    assert re.search(r'id="name_zh-error".*?内容为空', bad, re.DOTALL)
    sent["action_within_min"][0] = "17"
    done = client.post(f"{here}/edit", data=sent | {"do": "save"}, headers=HTML)
    assert done.status_code == 303
    shown = client.get(here, headers=HTML).text
    assert "+ 调集直升机" in shown
    assert "<li>查风速</li>" in shown
    assert re.search(r"时限（分钟）：\s*<span>\d+ → 17</span>", shown)
    file = client.get(f"{here}/file.yaml").content
    assert "调集直升机" in file.decode()
    client.post(f"{here}/versions/1", headers=HTML)
    assert in_force(sessions).version == 3
    brought = client.post(f"{here}/import", files={"file": ("p.yaml", file)}, headers=HTML)
    assert "调集直升机" in brought.text
    assert "设观察哨\n查风速" in brought.text
    assert in_force(sessions).version == 3  # nothing is published by looking
    wrong = client.post(f"{here}/import", files={"file": ("p.yaml", b"a: [")}, headers=HTML)
    assert wrong.status_code == 422


def test_an_action_put_in_another_place_is_told_with_both_places(shipped, client, people):
    client.cookies.set(COOKIE, people.token(people.add(Role.CITY_COMMANDER, CITY, "陈市长")))
    here = "/plans/geological"
    sent = fields(client.get(f"{here}/edit", headers=HTML).text)
    count = len(sent["action_zh"])
    order = [2, 0, 1, *range(3, count)]
    moved = {
        name: [said[n] for n in order] if len(said) == count else said
        for name, said in sent.items()
    }
    done = client.post(f"{here}/edit", data=moved | {"do": "save"}, headers=HTML)
    assert done.status_code == 303
    told = client.get(here, headers=HTML).text.partition('class="changes"')[2].split("</aside>")[0]
    assert re.findall(r"次序：\s*<span>([^<]*)</span>", told) == ["3 → 1"]
    assert sent["action_zh"][2] in told


def bring(client, said):
    return client.post("/plans/geological/import", files={"file": ("p.yaml", said)}, headers=HTML)


def bomb():
    """Nine lines that mean 9 ** 8 words."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 8)]
    return "\n".join([*lines, "actions: [{code: *a7}]"]).encode()


def test_a_file_is_brought_in_whole_or_not_at_all_and_the_planner_reads_why(
    shipped, client, people
):
    client.cookies.set(COOKIE, people.token(people.add(Role.CITY_COMMANDER, CITY, "陈市长")))
    file = client.get("/plans/geological/file.yaml").content.decode()
    raw = yaml.safe_load(file)
    dumped = [
        raw | {"actions": ["evacuate everybody", *raw["actions"]]},
        raw | {"actions": [raw["actions"][0] | {"materails": {"sandbag": 2}}]},
        raw | {"actions": [raw["actions"][0] | {"code": f"x_{n}"} for n in range(91)]},
    ]
    first = dumped[0]["actions"][1]
    gone = {name: first[name] for name in first if name != "within_min"}
    dumped += [
        raw | {"actions": [first, gone | {"code": "other_1"}]},
        raw | {"actions": [first, first]},
        raw | {"actions": [first | {"level": "V"}]},
    ]
    said = first["text"]["zh"]
    reasons = [
        "1. evacuate everybody", f"1. {said} → materails：预案没有这个字段", "最多 90 项",
        f"2. {said} → within_min：缺这一项", f"代码都是 {first['code']}",
        f"1. {said} → level：“V”不在可选范围内",
    ]  # fmt: skip
    refused = {
        file.replace("type: geological", "type: flash_flood").encode(): "另一类预案",
        "a: \u200b一".encode("utf-16-le") + b"\xff": "UTF-8",
        bomb(): "写全",
        b"a: 2026-13-45": "请看第",
    } | {json.dumps(one).encode(): why for one, why in zip(dumped, reasons, strict=True)}
    for said, why in refused.items():
        answer = bring(client, said)
        assert (answer.status_code, why in answer.text) == (422, True), (why, said[:80])
        assert not re.search(r"does not fit|Field required|valid ", answer.text)
    for name in ("gbk", "utf-8-sig", "utf-16"):
        assert "巡查隐患点" in bring(client, file.encode(name)).text


def test_the_editor_stops_adding_before_a_form_is_too_long_to_be_sent(shipped, client, people):
    client.cookies.set(COOKIE, people.token(people.add(Role.CITY_COMMANDER, CITY, "陈市长")))
    raw = yaml.safe_load(client.get("/plans/geological/file.yaml").content)
    most = raw | {"actions": [raw["actions"][0] | {"code": f"x_{n}"} for n in range(90)]}
    sent = fields(bring(client, json.dumps(most).encode()).text) | {"do": "add:rescue"}
    more = client.post("/plans/geological/edit", data=sent, headers=HTML)
    assert (more.status_code, "最多 90 项" in more.text) == (200, True)
    assert client.post("/plans/geological/edit", data=sent | {"do": "save"}).status_code == 303
