"""A city in which something has happened, so that every page has something to show.

Small and true: everything is entered through the application's own front, by the people whose
work it is. Made once for all pages; a database and a server of its own.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from shapely import Point, box
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from gis.store import files
from gis.store.base import new_id
from gis.store.cluster import Urls
from gis.store.engine import Sessions, make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import types
from rescue_app.auth import service as auth
from rescue_app.http.dependencies import COOKIE
from rescue_app.settings import PROJECT
from tests.browser.acting import Act, Stage, acting
from tests.browser.ledgers import bring_assets, bring_ledgers, worker
from tests.browser.street_work import (
    answer_a_list,
    close_and_evaluate,
    keep_a_chain,
    note_a_way,
    patrol_a_bridge,
)
from tests.calling import draft, opened
from tests.cast import Cast, build_cast
from tests.evidence import searched
from tests.integration.files.ugly import jpeg
from tests.ledger import PROGRAM, entered, said
from tests.monitoring import measured, shadow_taken_for_water
from tests.past import happened
from tests.patrols import lay_down_store, load_reference
from tests.susceptibility import drawn_map
from tests.world import (
    GAOSUNTANG,
    IN_GAOSUNTANG,
    IN_SHUANGJIANG,
    IN_TAIBAI,
    WANZHOU,
    YUNYANG,
    build_world,
)

COLUMNS = text("""
SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables
USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')
AND table_name !~ '^(spatial|alembic)'
""")
PEOPLE = (1500, 620, 240, 130, 40, 12, 3, 0)
KINDS = ("landslide", "unstable_rock", "flash_flood", "waterlogging")
CATEGORIES = ("hidden_danger", "occurrence", "prevention", "critical")


def fill(urls: Urls, home: Path) -> Stage:
    """Build the city and let its people work."""
    engine = make_engine(urls.app)
    sessions = make_sessions(engine, files_url=str(home / "files"))
    with unit_of_work(sessions, SYSTEM) as session:
        build_world(session)
        types.load(session, PROJECT / "data/hazard_types.yaml")
    load_reference(sessions)
    cast = build_cast(sessions)
    stage = Stage(tokens=tokens(sessions, cast), ids={"store": lay_down_store(sessions)})
    enter_points(sessions, stage)
    remember_disasters(sessions, stage)
    stage.ids |= searched(sessions, cast.actor("planner"))
    stage.ids["susceptibility"] = drawn_map(sessions, cast.actor("planner"))
    stage.ids["station"] = measured(sessions, home, cast.actor("city"))
    shadow_taken_for_water(sessions)
    with acting(urls, home, stage) as act:
        apply_for_changes(act, stage)
        change_many(act, stage)
        patrol_a_bridge(act, stage)
        lay_down_duty(act, stage)
        stage.ids["crew"] = str(cast.crews["gaosuntang"])
        below = (cast.unit(WANZHOU), cast.unit(GAOSUNTANG), cast.crew("gaosuntang"))
        close_and_evaluate(act, stage)
        order_a_crew(act, stage, below)
        warn(act, stage)
        stage.ids["chain"] = keep_a_chain(act, stage.ids["point"])
        switch_a_mode(act, "wanzhou", WANZHOU)
        act.client.cookies.set(COOKIE, stage.tokens["planner"])  # type: ignore[attr-defined]  # see acting
        work = worker(urls, engine, home)
        bring_ledgers(act.client, stage.ids, home, work)  # type: ignore[attr-defined]  # see acting
        bring_assets(act.client, stage.ids, home, work)  # type: ignore[attr-defined]  # see acting
        answer_a_list(sessions, act, stage)
        note_a_way(act, stage, str(cast.accounts["patrol"].id))
    stage.ids["call"] = str(opened(sessions, draft(cast), datetime.now(UTC)))
    engine.dispose()
    stage.texts = every_text(urls.owner)
    return stage


def tokens(sessions: Sessions, cast: Cast) -> dict[str, str]:
    now, life = datetime.now(UTC), timedelta(days=1)
    with unit_of_work(sessions, SYSTEM) as session:
        return {
            who: auth.begin(session, account, agent="test", now=now, life=life)
            for who, account in cast.accounts.items()
        }


def enter_points(sessions: Sessions, stage: Stage) -> None:
    photos = [photo(sessions, name) for name in ("坡脚裂缝.jpg", "后缘.jpg")]
    for number, people in enumerate(PEOPLE):
        for place in (IN_GAOSUNTANG, IN_TAIBAI, IN_SHUANGJIANG):
            point = entered(
                sessions,
                category=CATEGORIES[number % 4],
                hazard_type=KINDS[number % 4],
                name=f"大石坡 {number + 1} 号",
                address="新城路 8 号",
                longitude=place.x + (number % 4 - 2) / 90,
                latitude=place.y + (number // 4 - 1) / 60,
                threatened_persons=people,
                owner_name="周敏",
                owner_phone="02358000000",
                file_ids=[] if "point" in stage.ids else photos,
            )
            stage.ids.setdefault("point", str(point))


def photo(sessions: Sessions, name: str) -> str:
    with unit_of_work(sessions, SYSTEM) as session:
        came = BytesIO(jpeg(size=(640, 480)))
        sent = files.put(session, came, id=new_id(), name=name, by=PROGRAM, area_path="/")
    return str(sent.id)


def remember_disasters(sessions: Sessions, stage: Stage) -> None:
    west = Point(IN_GAOSUNTANG.x - 0.01, IN_GAOSUNTANG.y)
    known = happened(sessions, at=west, area=GAOSUNTANG, accuracy_m=50, title="枇杷坪滑坡")
    stage.ids["event"] = str(known)
    happened(sessions, at=IN_GAOSUNTANG, area=WANZHOU, accuracy_m=9_000, title="连日暴雨滑坡")


def apply_for_changes(act: Act, stage: Stage, at: Point = IN_GAOSUNTANG) -> None:
    """One case that waits for its review, and one that came back to its author."""
    point = f"points/{stage.ids['point']}"
    more = {"version": 1, "threatened_persons": 640, "reason": "坡脚新增 3 户"}
    case = act("planner", point, more, "PATCH")
    stage.ids["case"] = case["id"]
    seen = {"act": "survey", "opinion": "后缘裂缝 12 米", "visited_on": "2026-05-30"}
    act("planner", f"cases/{case['id']}/steps", seen)
    gone = {"version": 1, "ground": "relocated", "report": "住户已全部搬迁"}
    back = act("planner", f"{point}/delist", gone)
    stage.ids["returned"] = back["id"]
    act("wanzhou", f"cases/{back['id']}/steps", {"act": "send_back", "opinion": "请补充验收文件"})
    fresh = said(name="枇杷坪滑坡", id=str(uuid4()), longitude=at.x, latitude=at.y)
    stage.ids["new_case"] = act("planner", "points", fresh)["id"]


def change_many(act: Act, stage: Stage) -> None:
    """One change of three points that came back to its author, who left one of them out."""
    client: TestClient = act.client  # type: ignore[attr-defined]  # see acting
    client.cookies.set(COOKIE, stage.tokens["planner"])
    picks = re.findall(r'name="pick" value="([^"]+)"', client.get("/points").text)[:3]
    which = "&".join(f"pick={one}" for one in picks)
    case = str(uuid4())
    form = {"id": case, "reason": "换届", "set": ["owner_name"], "owner_name": "王强"}
    shown = client.post(f"/points/bulk/preview?{which}", data=form).text
    form["seen"] = re.findall(r'name="seen" value="([^"]+)"', shown)[0]
    client.post(f"/points/bulk?{which}", data=form)
    stage.ids["returned_many"] = case
    act("wanzhou", f"cases/{case}/steps", {"act": "send_back", "opinion": "有一处已移交"})
    client.cookies.set(COOKIE, stage.tokens["planner"])
    client.post(f"/cases/{case}/points/{picks[0]}/leave-out")


def lay_down_duty(act: Act, stage: Stage) -> None:
    """Let the planner write a row of his district's list."""
    client: TestClient = act.client  # type: ignore[attr-defined]  # see acting
    client.cookies.set(COOKIE, stage.tokens["planner"])
    row = {
        "matter": "滑坡",
        "level": "区县",
        "lead": "万州区指挥中心",
        "helpers": "水利局、交通局",
        "valid_from": "2026-01-01",
        "first_name": "周敏",
        "first_phone": "02358000000",
    }
    assert client.post("/duty/new", data=row, follow_redirects=False).status_code == 303
    found = re.search(r"/duty/([0-9a-f-]{36})", client.get("/duty").text)
    assert found is not None
    stage.ids["duty_row"] = found[1]


def report_up(act: Act, incident: str) -> str:
    """Send the street's first report, which the centres above have not read yet."""
    said = {"place": "万州区高笋塘街道", "nature": "大石坡后缘拉裂", "trend": "仍在下滑"}
    counts = {"injured": 1, "trapped": 0, "moved": 12}
    body = {"id": str(uuid4()), "grade": "II"} | said | counts
    return str(act("street", f"incidents/{incident}/reports", body)["id"])


def order_a_crew(
    act: Act, stage: Stage, below: tuple[str, str, str], at: Point = IN_GAOSUNTANG
) -> None:
    """Send one order by district and street to a crew that has not answered yet."""
    to_district, to_street, to_crew = below
    where = {"lon": at.x, "lat": at.y}
    incident = {
        "id": str(uuid4()),
        "hazard_type": "landslide",
        "title": "大石坡滑坡",
        "grade": "II",
    }
    stage.ids["incident"] = act("city", "incidents", incident | where)["id"]
    level = {"id": str(uuid4()), "area_path": WANZHOU, "plan_type": "geological", "level": "IV"}
    act("wanzhou", "levels", level | {"ground": "大石坡后缘拉裂"})
    stage.ids["sent"] = report_up(act, stage.ids["incident"])
    stage.ids["issue"] = one_tap(act, stage.ids["incident"])
    stage.ids["roster"] = move_people(act, stage.ids["incident"], at)
    order = act("city", "orders", {
        "id": str(uuid4()),
        "what": "转移坡下住户 12 人",
        "where": "大石坡 1 号",
        "incident_id": stage.ids["incident"],
        "targets": [to_district],
    } | where)  # fmt: skip
    stage.ids["order"] = order["id"]
    read = partial(act.client.get, f"/api/v1/orders/{order['id']}")  # type: ignore[attr-defined]  # see acting
    district = read().json()["hops"][0]["id"]
    act("wanzhou", f"hops/{district}/steps", {"id": str(uuid4()), "kind": "accepted"})
    down = {"id": str(uuid4()), "targets": [to_street]}
    act("wanzhou", f"hops/{district}/pass-down", down)
    street = next(hop["id"] for hop in read().json()["hops"] if hop["parent_id"] == district)
    act("street", f"hops/{street}/steps", {"id": str(uuid4()), "kind": "accepted"})
    crew = {"id": str(uuid4()), "targets": [to_crew]}
    act("street", f"hops/{street}/pass-down", crew)


def warn(act: Act, stage: Stage) -> None:
    """One warning in force in another district, updated once, and one that waits for approval."""
    until = (datetime.now(UTC) + timedelta(hours=8)).isoformat()
    said = {"hazard_type": "flash_flood", "area_paths": [YUNYANG], "expires_at": until}
    first = act("city", "alerts", {"id": str(uuid4()), "colour": "yellow"} | said)["id"]
    act("yunyang", f"alerts/{first}/issue", {})
    more = {"colour": "orange", "follows": first, "why": "雨势加大"}
    stage.ids["alert"] = act("city", "alerts", {"id": str(uuid4())} | said | more)["id"]
    act("yunyang", f"alerts/{stage.ids['alert']}/issue", {})
    ring = box(108.34, 30.79, 108.36, 30.81).__geo_interface__
    said |= {"hazard_type": "landslide", "colour": "red", "area_paths": [], "drawn": ring}
    stage.ids["alert_draft"] = act("planner", "alerts", {"id": str(uuid4())} | said)["id"]


def move_people(act: Act, incident: str, at: Point) -> str:
    """Make a roster of two made-up households; of one somebody said that it is at the shelter."""
    home = {"lon": at.x, "lat": at.y, "head": "周德贵", "address": "大石坡 3 号", "people": 3}
    needs = {"frail": 1, "needs": "卧床，需担架", "phone": "13900000000"}
    homes = [home | {"source_id": "1"}, home | {"source_id": "2"} | needs]
    body = {"source": "stage", "synthetic": True, "households": homes}
    act("wanzhou", "households", body, method="PUT")
    roster = act("wanzhou", "evacuations", {"incident_id": incident})
    step = {"id": str(uuid4()), "kind": "at_shelter"}
    act("street", f"evacuations/moves/{roster['moves'][0]['id']}/steps", step)
    return str(roster["id"])


def one_tap(act: Act, incident: str) -> str:
    """Issue the first action of what is proposed for an incident."""
    found = act("wanzhou", f"incidents/{incident}/proposal", {}, method="GET")
    keys = ("district_path", "level", "plan_type", "plan_version", "seen")
    first, *others = [line for line in found["lines"] if line["targets"]]
    wanted = ("code", "step", "what", "within_min", "targets")
    body = {key: found[key] for key in keys} | {"id": str(uuid4()), "where": "大石坡 1 号"}
    body["actions"] = [{key: first[key] for key in wanted}]
    body["left_out"] = [line["code"] for line in others]
    return str(act("wanzhou", f"incidents/{incident}/issues", body)["id"])


def switch_a_mode(act: Act, who: str, area_path: str) -> None:
    reason = "气象台发布暴雨橙色预警"
    body = {"id": str(uuid4()), "area_path": area_path, "mode": "urgent", "reason": reason}
    act(who, "modes", body)


def every_text(owner_url: str) -> list[str]:
    """Give all that the database says, so that data can be told from a page's own words."""
    engine = create_engine(owner_url)
    found: list[str] = []
    with engine.connect() as connection:
        for table, column in connection.execute(COLUMNS).all():
            query = text(f'SELECT DISTINCT "{column}"::text FROM "{table}"')
            found += [value for value in connection.scalars(query) if value]
    engine.dispose()
    return found
