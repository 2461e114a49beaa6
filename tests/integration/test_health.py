"""The platform tells how it is, and keeps people's data out of it."""

import json
import threading
import time

import httpx2

from gis.authority import Role
from rescue_app.http.dependencies import COOKIE
from tests.world import WANZHOU


def test_alive_and_ready(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_figures_tell_of_routes_not_of_addresses(client):
    client.get("/no/such/page/13800000000")
    client.get("/sign-in?next=/private")
    figures = client.get("/metrics").text
    assert 'yitong_request_seconds_count{method="GET",route="/sign-in",status="200"}' in figures
    assert "yitong_job_lag_seconds 0.0" in figures
    assert "yitong_database_up 1.0" in figures
    assert "13800000000" not in figures
    assert "private" not in figures


def test_every_answer_carries_the_id_that_its_log_line_has(live_server, people, world):
    account = people.add(Role.PLANNER, WANZHOU, "王敏")
    cookies = {COOKIE: people.token(account)}
    answer = httpx2.get(f"{live_server.url}/?q=13800000000", cookies=cookies, timeout=60)
    request_id = answer.headers["x-request-id"]
    until = time.monotonic() + 60
    while not any(request_id in line for line in list(live_server.said)):
        assert time.monotonic() < until
        threading.Event().wait(0.05)
    lines = [json.loads(line) for line in list(live_server.said) if line.startswith("{")]
    (line,) = [line for line in lines if line.get("request_id") == request_id]
    assert (line["event"], line["route"], line["status"]) == ("request", "/", 200)
    assert line["actor_id"] == str(account.id)
    ours = [line for line in live_server.said if line.startswith("{")]
    assert not [line for line in ours if "13800000000" in line or "王敏" in line]
