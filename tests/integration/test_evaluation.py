"""The city draws a sample of what was closed, scores it, sends it back; rates with their n."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from shapely import Point
from sqlalchemy import text

from gis.areas.placing import day_of
from gis.authority import Role
from qr_codes.evaluation.rules import Quota, allotted
from tests.patrols import labelled
from tests.world import IN_GAOSUNTANG, IN_SHUANGJIANG, SHUANGJIANG, WANZHOU, YUNYANG

pytestmark = pytest.mark.usefixtures("world")
PAGE = {"accept": "text/html"}
EVALUATION = "/findings/evaluation"
GOOD = {
    "mark.timely": "30",
    "mark.same_position": "10",
    "mark.for_good": "35",
    "mark.fed_back": "5",
}


@pytest.fixture
def closed(street, sessions, sign_in):
    """Six findings of Wanzhou and one of Yunyang, all verified, in that order."""
    found = []
    for number in range(6):
        place = Point(IN_GAOSUNTANG.x + number / 10_000, IN_GAOSUNTANG.y)
        bridge = labelled(street.sign_in("street"), name=f"=桥{number}", at=place)
        found.append(street.find(bridge.code)["id"])
    sign_in(street.client, Role.STREET_COMMANDER, SHUANGJIANG)
    bridge = labelled(street.client, name="云阳大桥", at=IN_SHUANGJIANG)
    found.append(street.find(bridge.code, who="city")["id"])
    with sessions.begin() as session:  # the way there is told in test_findings
        session.execute(text("SELECT set_config('yitong.role', 'system', true)"))
        session.execute(text("SELECT set_config('yitong.area_path', '/', true)"))
        session.execute(
            text("INSERT INTO finding_step (id, finding_id, area_path, act, state, actor_id,"
                 " actor_name, done_at, received_at, note) SELECT gen_random_uuid(), id, area_path,"
                 " act, act, found_by, '',"
                 " now() - nth * interval '1 microsecond', now(), '' FROM finding,"
                 " unnest(ARRAY['verify', 'finish', 'begin', 'accept'])"
                 " WITH ORDINALITY AS one (act, nth)")
        )  # fmt: skip
        session.execute(text("UPDATE finding SET state = 'verified', closed_at = now()"))
    return found


def quotas(**changed):
    return {f"share.{grade}": "0" for grade in (1, 2, 3, 4)} | {
        f"least.{grade}": "0" for grade in (1, 2, 3, 4)
    } | changed  # fmt: skip


def draw(street, seed="2026-07", who="city", **changed):
    today = day_of(datetime.now(UTC)).isoformat()
    form = {"id": str(uuid4()), "seed": seed, "closed_from": today, "closed_to": today}
    form |= quotas(**changed)
    made = street.sign_in(who).post(EVALUATION, data=form, headers=PAGE)
    return made.headers.get("location", ""), made


def items(street, path):
    return set(re.findall(rf'href="{path}/([0-9a-f-]{{36}})"', see(street, path)))


def see(street, path):
    return street.client.get(path, headers=PAGE).text


def test_quotas_are_of_each_district_and_none_is_left_out():
    grades = [Quota(1, 1.0, 1), Quota(2, 0.07, 2), Quota(3, 0.0, 0)]
    closed = {("/w/", 1): 3, ("/w/", 2): 100, ("/w/", 4): 9, ("/y/", 2): 1, ("/z/", 3): 5,
              ("/z/", 4): 5}  # fmt: skip
    assert allotted(closed, grades) == {
        ("/w/", 1): 3, ("/w/", 2): 7, ("/w/", 4): 0, ("/y/", 2): 1, ("/z/", 3): 1, ("/z/", 4): 0,
    }  # fmt: skip


def test_the_same_seed_draws_the_same_and_every_district_is_in_it(street, closed):
    grade = street.sign_in("city").get(f"/api/v1/findings/{closed[0]}").json()["grade"]
    share = {f"share.{grade}": "34"}
    drawn = [items(street, draw(street, seed, **share)[0]) for seed in "一一二三四五六"]
    assert drawn[0] == drawn[1]
    assert any(one != drawn[0] for one in drawn)  # one seed in 20 draws the same 3 of 6
    assert [len(one) for one in drawn] == [4] * 7  # 3 of 6, and 1 of 1
    assert all(closed[6] in one for one in drawn)
    nothing, _ = draw(street)
    assert len(items(street, nothing)) == 2
    assert draw(street, "")[1].status_code == 422
    assert draw(street, **{f"share.{grade}": "101"})[1].status_code == 422
    assert draw(street, who="wanzhou", **share)[1].status_code == 403


def test_marks_add_up_to_rates_and_what_does_not_hold_goes_back_to_work(street, closed):
    path, _ = draw(street, **{f"share.{grade}": "100" for grade in (1, 2, 3, 4)})
    first, second = f"{path}/{closed[0]}", f"{path}/{closed[1]}"
    client, once = street.client, {"id": str(uuid4()), "then": "keep"} | GOOD
    for _ in range(2):
        kept = client.post(first, data=once, headers=PAGE)
        assert (kept.status_code, kept.headers["location"].rsplit("/", 1)[0]) == (303, path)
    assert street.acts(closed[0])[-2:] == ["verify", "evaluate"]
    bad = {"id": str(uuid4()), "then": "send_back"} | dict.fromkeys(GOOD, "0")
    silent = client.post(second, data=bad, headers=PAGE)
    assert (silent.status_code, street.shown(closed[1])["state"]) == (422, "verified")
    assert street.acts(closed[1])[-1] == "verify"
    too_much = client.post(second, data=bad | {"mark.timely": "31"}, headers=PAGE)
    assert too_much.status_code == 422
    back = bad | {"words": "伸缩缝只盖了铁板"}
    assert client.post(second, data=back, headers=PAGE).status_code == 303
    assert street.shown(closed[1])["state"] == "in_hand"
    again = {"id": str(uuid4())} | GOOD
    assert client.post(second, data=again, headers=PAGE).status_code == 409
    html = see(street, path)
    assert "<b>40 %</b>" in html  # 80 of 100 and 0 of 100
    assert "n = 2" in html
    assert "<b>14 %</b>" in html  # 1 of 7
    assert see(street, path + "?show=sent_back").count(f'href="{path}/') == 1 + 1
    lines = client.get(path + ".csv").text.splitlines()
    assert len(lines) == 8
    assert any("'=桥1" in line and "伸缩缝只盖了铁板" in line for line in lines)
    assert "覃巡查" not in "".join(lines)


def test_a_district_reads_its_own_and_nothing_of_others(street, closed):
    path, _ = draw(street, **{f"share.{grade}": "100" for grade in (1, 2, 3, 4)})
    street.client.post(f"{path}/{closed[6]}", data={"id": str(uuid4())} | GOOD, headers=PAGE)
    street.sign_in("wanzhou")
    assert items(street, path) == set(closed[:6])
    html = see(street, path) + street.client.get(path + ".csv").text
    assert "云阳" not in html
    assert YUNYANG not in html
    assert street.client.get(f"{path}/{closed[6]}", headers=PAGE).status_code == 404
    own = f"{path}/{closed[0]}"
    assert 'name="mark.' not in see(street, own)
    refused = street.client.post(own, data={"id": str(uuid4())} | GOOD, headers=PAGE)
    assert refused.status_code == 403
    street.sign_in("yunyang")
    assert "80" in see(street, f"{path}/{closed[6]}")
    assert WANZHOU not in see(street, path)
    early = datetime.now(UTC) - timedelta(days=400)
    form = {"id": str(uuid4()), "seed": "1", "closed_from": str(early.date()),
            "closed_to": str(early.date())} | quotas()  # fmt: skip
    street.sign_in("city")
    assert "没有办结" in street.client.post(EVALUATION, data=form, headers=PAGE).text
