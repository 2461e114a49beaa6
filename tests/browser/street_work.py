"""What a street does on the stage: patrols, findings, lists, and a way that was walked."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from shapely import Point
from starlette.testclient import TestClient

from gis.areas.placing import day_of
from gis.store.engine import Sessions
from hazards.tasks import making
from rescue_app.http.dependencies import COOKIE
from tests.browser.acting import Act, Stage
from tests.integration.files.ugly import jpeg
from tests.patrols import labelled, make_label, visit
from tests.world import IN_GAOSUNTANG


def patrol_a_bridge(act: Act, stage: Stage, at: Point = IN_GAOSUNTANG) -> None:
    client: TestClient = act.client  # type: ignore[attr-defined]  # see acting
    client.cookies.set(COOKIE, stage.tokens["street"])
    bridge = labelled(client, at=at)
    stage.ids |= {"asset": bridge.asset["id"], "code": bridge.code, "label": bridge.label["id"]}
    lead_around(client, bridge.asset["id"], at)
    bad = {"outcome": "problem", "answers": {"joints": "yes"}, "note": "伸缩缝堵塞"}
    seen = visit(bridge.code, **bad)
    done = act("street", "inspections", seen)
    stage.ids["conflict"] = act("street", "inspections", seen | {"note": "重新看过"})["conflict"]
    stage.ids |= {"finding": done["opened"][0]["id"], "inspection": done["id"]}
    client.cookies.clear()
    seen = {"id": str(uuid4()), "kind": "water", "words": "桥头积水"}
    sent = client.post(f"/c/{bridge.code}/report", data=seen, follow_redirects=False)
    stage.ids["receipt"] = sent.headers["location"].removeprefix("/r/")
    client.cookies.set(COOKIE, stage.tokens["street"])
    drain = labelled(client, type="drain_inlet", name="高笋塘排水口", at=at)
    stage.ids["ended_code"] = drain.code
    make_label(client, drain.asset, hangs_at="井盖旁", reason="被水冲走")


def close_and_evaluate(act: Act, stage: Stage, at: Point = IN_GAOSUNTANG) -> None:
    """Mend two things, verify them, and let the city score one of them."""
    client: TestClient = act.client  # type: ignore[attr-defined]  # see acting
    client.cookies.set(COOKIE, stage.tokens["street"])
    levee = labelled(client, type="levee_section", name="苎溪河堤", at=at)
    for note in ("护栏松动", "步道积水"):
        bad = visit(levee.code, outcome="problem", note=note)
        found = act("street", "inspections", bad)["opened"][0]["id"]
        stage.ids["closed_finding"] = found
        for move in ("accept", "begin", "finish"):
            act("street", f"findings/{found}/steps", {"id": str(uuid4()), "act": move})
        client.cookies.set(COOKIE, stage.tokens["patrol"])
        shot = str(uuid4())
        client.put(f"/api/v1/files/{shot}?name=photo.jpg", content=jpeg(size=(640, 480)))
        seen = {"id": str(uuid4()), "act": "verify", "code": levee.code, "file_ids": [shot]}
        act("patrol", f"findings/{found}/steps", seen | {"lon": at.x, "lat": at.y})
        client.cookies.set(COOKIE, stage.tokens["street"])
    client.cookies.set(COOKIE, stage.tokens["city"])
    today = day_of(datetime.now(UTC)).isoformat()
    form = {"id": str(uuid4()), "seed": "2026-11", "closed_from": today, "closed_to": today}
    form |= {f"{name}.{grade}": "100" for name in ("share", "least") for grade in (1, 2, 3, 4)}
    drawn = client.post("/findings/evaluation", data=form, follow_redirects=False)
    stage.ids["sample"] = drawn.headers["location"].rsplit("/", 1)[1]
    marks = {"id": str(uuid4()), "then": "keep", "words": "同位照片清楚"}
    marks |= {"mark.timely": "30", "mark.same_position": "20", "mark.for_good": "28"}
    path = f"{drawn.headers['location']}/{stage.ids['closed_finding']}"
    client.post(path, data=marks | {"mark.fed_back": "0"}, follow_redirects=False)


def lead_around(client: TestClient, asset: str, at: Point) -> None:
    """Lay down how traffic is led, and close it."""
    west, east = f"{at.x - 0.002} {at.y}", f"{at.x + 0.002} {at.y}"
    form = {"id": str(uuid4()), "version": "0", "closer": "交警大队", "closer_phone": "02358000122"}
    form |= {"stops": f"{west} 西桥头\n{east} 东桥头", "words": "经新华路绕行"}
    form["detour"] = f"{west}\n{at.x} {at.y + 0.004}\n{east}"
    client.post(f"/assets/{asset}/traffic", data=form)
    closure = {"id": str(uuid4()), "reason": "桥墩受船撞击", "unit": "高笋塘街道"}
    sent = client.post(f"/assets/{asset}/closures", data=closure, follow_redirects=False)
    assert sent.status_code == 303


def answer_a_list(sessions: Sessions, act: Act, stage: Stage) -> None:
    """Let lists fall due; the patrol answers one of hers, and something is wrong there."""
    making.generate(sessions, now=datetime.now(UTC))
    client: TestClient = act.client  # type: ignore[attr-defined]  # see acting
    client.cookies.set(COOKIE, stage.tokens["patrol"])
    owed = [stop["tasks"][0] for stop in client.get("/api/v1/tasks/mine").json()]
    stage.ids |= {"task": owed[-1]["id"], "done_task": owed[0]["id"]}
    said = {"id": str(uuid4()), "outcome": "problem", "note": "截水沟被落石堵塞"}
    kept = act("patrol", f"tasks/{owed[0]['id']}/answers", said)
    stage.ids["task_answer"] = kept["id"]


def note_a_way(act: Act, stage: Stage, patrol: str, at: Point = IN_GAOSUNTANG) -> None:
    """Let the patrol note a way of a few steps, which she ended."""
    stage.ids["track"] = str(uuid4())
    began = datetime.now(UTC) - timedelta(minutes=10)
    spots = [
        {"n": n, "at": (began + timedelta(seconds=30 * n)).isoformat(),
         "lon": at.x, "lat": at.y + n / 5_000, "accuracy_m": 5}
        for n in range(8)
    ]  # fmt: skip
    body = {"by": patrol, "begun_at": began.isoformat(), "ended_at": spots[-1]["at"]}
    act("patrol", f"tracks/{stage.ids['track']}/spots", body | {"spots": spots})


def keep_a_chain(act: Act, point: str) -> str:
    """Follow what comes next from a point, and keep it."""
    kept = act("planner", "chains", {"id": str(uuid4()), "question": {"point": point}})
    return str(kept["id"])
