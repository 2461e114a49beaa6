"""The coverage board: what is labelled, mounted, patrolled, for whoever looks, and nobody else."""

import re
from datetime import timedelta

import pytest
from shapely import Point
from sqlalchemy import text

from gis.authority import Role
from tests.patrols import labelled, load_reference, make_asset, visit
from tests.world import (
    CITY,
    GAOSUNTANG,
    IN_SHUANGJIANG,
    IN_TAIBAI,
    SHUANGJIANG,
    TAIBAI,
    WANZHOU,
    YUNYANG,
)

pytestmark = pytest.mark.usefixtures("world", "reference")
ON_SITE = {"lon": 108.3501, "lat": 30.80}


@pytest.fixture
def reference(sessions):
    load_reference(sessions)


@pytest.fixture
def city(client, sign_in):
    """Three bridges and a gate in two districts: one mounted and seen, one printed, two bare."""
    sign_in(client, Role.CITY_COMMANDER, CITY)
    seen = labelled(client, name="一桥")
    labelled(client, name="二桥", at=IN_TAIBAI)
    make_asset(client, name="三桥", at=IN_SHUANGJIANG)
    make_asset(client, name="闸", type="gate", at=Point(108.36, 30.80))
    gone = make_asset(client, name="旧桥")
    client.post(f"/api/v1/assets/{gone['id']}/retire", json={"reason": "拆除"})
    assert client.post("/api/v1/inspections", json=visit(seen.code, **ON_SITE)).status_code == 201
    return client


def board(client, **asked):
    return client.get("/api/v1/coverage", params=asked).json()


def listed(client, **asked):
    return client.get("/api/v1/assets", params=asked).json()


def counts(row):
    return tuple(row[name] for name in ("assets", "labelled", "mounted", "due", "patrolled"))


def test_the_board_adds_up_by_area_and_by_kind(city):
    told = board(city)
    assert counts(told["total"]) == (4, 2, 1, 4, 1)
    assert {p["name"]: counts(p) for p in told["parts"]} == {
        "万州区": (3, 2, 1, 3, 1),
        "云阳县": (1, 0, 0, 1, 0),
    }
    kinds = {one["type"]: counts(one) for one in told["types"] if one["assets"]}
    assert kinds == {"bridge": (3, 2, 1, 3, 1), "gate": (1, 0, 0, 1, 0)}
    assert told["total"]["labelled_share"] == 0.5
    assert told["total"]["mounted_share"] == 0.5
    assert next(p for p in told["parts"] if p["name"] == "云阳县")["mounted_share"] is None


def test_it_goes_down_to_streets_and_to_one_kind(city):
    streets = {p["name"]: counts(p)[:2] for p in board(city, under=WANZHOU)["parts"]}
    assert streets == {"高笋塘街道": (2, 1), "太白街道": (1, 1)}
    inside = board(city, under=GAOSUNTANG)
    assert [(p["name"], p["assets"]) for p in inside["parts"]] == [("高笋塘街道", 2)]
    assert counts(board(city, type="gate")["total"]) == (1, 0, 0, 1, 0)


def test_a_visit_counts_for_as_long_as_the_rhythm_of_the_list(city, database, owner):
    rhythm = owner.scalar(
        text("SELECT rhythm FROM checklist_template WHERE code = 'bridge_patrol' AND NOT retired")
    )
    ages = {"daily": 1, "weekly": 7, "monthly": 31}[rhythm]
    for age, patrolled in ((timedelta(days=ages - 0.5), 1), (timedelta(days=ages + 0.5), 0)):
        owner.execute(text("UPDATE inspection SET done_at = now() - :age"), {"age": age})
        owner.commit()
        assert board(city)["total"]["patrolled"] == patrolled


def test_a_district_counts_its_own_alone_and_cannot_ask_for_another(city, sign_in):
    sign_in(city, Role.OBSERVER, YUNYANG)
    assert counts(board(city)["total"])[:2] == (1, 0)
    assert counts(board(city, under=WANZHOU)["total"])[0] == 0
    page = city.get("/coverage")
    assert "高笋塘" not in page.text
    assert city.get("/coverage", params={"under": WANZHOU}).status_code == 404
    assert city.get("/coverage", params={"under": CITY}).status_code == 404


def test_the_page_puts_the_worst_first_and_sorts_as_asked(city):
    def names(sort):
        html = city.get("/coverage", params={"sort": sort, "lang": "zh"}).text
        table = html.split('id="areas"')[1].split("</table>")[0]
        return re.findall(r'<td><a href="[^"]*">([^<]+)</a>', table)

    assert names("labelled") == ["云阳县", "万州区"]
    assert names("-labelled") == ["万州区", "云阳县"]
    assert names("-assets") == ["万州区", "云阳县"]
    assert names("name") == ["万州区", "云阳县"]
    assert names("nonsense") == ["云阳县", "万州区"]
    html = city.get("/coverage?lang=en").text
    assert "2 of 4 assets" in html
    assert '66 %</b> <span class="muted">2 / 3' in html


KINDS = ("bridge", "drain_inlet", "gate", "slope", "underpass")
STREETS = (GAOSUNTANG, TAIBAI, SHUANGJIANG)
FILL = """
    INSERT INTO asset (id, type_code, name, place, area_path, street, owner_unit, owner_phone,
        rank, synthetic, retired_at)
    SELECT gen_random_uuid(), (CAST(:kinds AS text[]))[1 + n % 5], 'n' || n,
        ST_SetSRID(ST_MakePoint(108.35, 30.8), 4326), (CAST(:streets AS text[]))[1 + n % 3], '', '',
        '', '', true, CASE WHEN n % 13 = 0 THEN now() END FROM generate_series(0, 179) AS n;
    INSERT INTO risk_code (id, asset_id, issue, code, key_id, state, hangs_at, reason, area_path,
        printed_at, mounted_at)
    SELECT gen_random_uuid(), id, issue, 'C' || number || '-' || issue, 0,
        CASE WHEN issue = 1 AND number % 7 = 3 THEN 'replaced' WHEN issue = 2 THEN 'printed'
             ELSE (ARRAY['printed', 'mounted', 'damaged', 'revoked'])[1 + number % 4] END,
        '', '', area_path, now(), CASE WHEN issue = 1 AND number % 4 IN (1, 2) THEN now() END
    FROM asset, generate_series(1, 2) AS issue
    WHERE number % 11 > 1 AND (issue = 1 OR number % 7 = 3);
    INSERT INTO inspection (id, asset_id, area_path, template_code, template_version, actor_name,
        outcome, note, actor_id, answers, done_at, received_at, clock_off_s, far, fingerprint)
    SELECT gen_random_uuid(), id, area_path, 't', 1, '', 'all_normal', '', id, '[]',
        now() - (number * 37 % 40 + visit * 3) * interval '1 day', now(), 0, false, ''
    FROM asset, generate_series(1, number % 3) AS visit
"""
ONE_BY_ONE = {
    "assets": "true",
    "labelled": "(SELECT count(*) FROM risk_code c WHERE c.asset_id = a.id AND c.state NOT IN"
    " ('replaced', 'revoked')) = 1",
    "mounted": "EXISTS (SELECT 1 FROM risk_code c WHERE c.asset_id = a.id AND c.mounted_at"
    " IS NOT NULL AND c.state NOT IN ('replaced', 'revoked'))",
    "patrolled": "(SELECT now() - max(done_at) FROM inspection i WHERE i.asset_id = a.id)"
    " <= (CASE a.type_code WHEN 'bridge' THEN 1 WHEN 'underpass' THEN 1 WHEN 'slope' THEN 7"
    " ELSE 31 END) * interval '1 day'",
}


def test_every_figure_is_what_plain_sql_counts_asset_by_asset(client, sign_in, owner):
    for statement in FILL.split(";"):
        given = {"kinds": list(KINDS), "streets": list(STREETS)} if ":kinds" in statement else {}
        owner.execute(text(statement), given)
    owner.commit()
    sign_in(client, Role.CITY_COMMANDER, CITY)
    for street in STREETS:
        for kind in KINDS:
            told = board(client, under=street, type=kind)["total"]
            counted = {
                name: owner.scalar(
                    text(f"SELECT count(*) FROM asset a WHERE retired_at IS NULL AND area_path ="
                         f" :street AND type_code = :kind AND {condition}"),
                    {"street": street, "kind": kind},
                )
                for name, condition in ONE_BY_ONE.items()
            }  # fmt: skip
            assert {name: told[name] for name in counted} == counted, (street, kind)
            assert told["due"] == counted["assets"]
            missing = listed(client, under=street, type=kind, visit="missing")["total"]
            assert missing == told["due"] - told["patrolled"], (street, kind)
    whole = board(client)["total"]
    assert 0 < whole["patrolled"] < whole["mounted"] < whole["labelled"] < whole["assets"]
    assert (whole["assets"], whole["due"]) == (166, 166)
    assert listed(client, visit="missing")["total"] == whole["due"] - whole["patrolled"]


def test_what_was_not_visited_in_time_is_listed_with_its_last_visit(city, owner):
    missing = listed(city, visit="missing")
    assert sorted(one["name"] for one in missing["items"]) == ["三桥", "二桥", "闸"]
    owner.execute(text("UPDATE inspection SET done_at = now() - interval '40 days'"))
    owner.commit()
    html = city.get("/assets", params={"visit": "missing", "lang": "en", "under": WANZHOU}).text
    rows = re.findall(r"<tr><td>.*?</tr>", html, flags=re.DOTALL)
    assert {re.search(r'zh-CN">([^<]+)<', row)[1]: "never" in row for row in rows} == {
        "一桥": False, "二桥": True, "闸": True
    }  # fmt: skip
    owner.execute(text("UPDATE checklist_template SET retired = true"))
    owner.commit()
    assert listed(city, visit="missing")["total"] == 0, "no list asks for a visit by the calendar"


def test_a_figure_leads_down_to_the_list_of_just_what_is_missing(city):
    html = city.get("/coverage", params={"under": WANZHOU, "lang": "zh"}).text
    table = html.split('id="areas"')[1].split("</table>")[0]
    gaps = re.findall(
        r'href="/assets\?([^"]*(?:label=none|label=printed|visit=missing))">缺 (\d+)<', table
    )
    assert {question.rpartition(";")[2] for question, _ in gaps} == {
        "label=none", "label=printed", "visit=missing"
    }  # fmt: skip
    for question, count in gaps:
        listed = city.get(f"/api/v1/assets/export?{question.replace('&amp;', '&')}").text
        assert len(listed.splitlines()) == int(count) + 1
    streets = re.findall(r'<a class="on-map" href="/map\?area=([^&]*)&amp;coverage=', table)
    assert len(streets) == table.count("<tr>") - 1
    page = city.get("/assets", params={"under": streets[0], "lang": "zh"}).text
    assert f'href="/map?area={streets[0]}"' in page
    assert f'name="under" value="{streets[0]}"' in page, "a search stays in the street"
