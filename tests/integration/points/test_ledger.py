"""The life of a point: entered, changed, approved, de-listed, and every state kept."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from gis.authority import Role
from gis.store.audit import AuditEntry
from gis.store.engine import unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import SYSTEM
from hazards.points.models import HazardPoint
from tests.integration.points.conftest import said
from tests.world import GAOSUNTANG, IN_TAIBAI, OUTSIDE, TAIBAI, WANZHOU


def test_a_point_gets_its_street_by_its_place_and_its_grade_by_its_figures(desk, enter):
    point = enter(desk, threatened_persons=620, threatened_property_10k_yuan="800.50")
    assert point["area_path"] == GAOSUNTANG
    assert (point["grade"], point["grade_origin"], point["state"]) == ("II", "computed", "draft")
    assert point["changed_by_name"] == "Zhang"
    assert point["number"].startswith("YT-")
    assert desk.get(f"/api/v1/points/{point['id']}").json() == point


def test_the_same_id_twice_is_the_same_point_once(desk):
    body = said(id=str(uuid4()))
    first, second = (desk.post("/api/v1/points", json=body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert desk.get("/api/v1/points").json()["total"] == 1


def test_a_change_keeps_the_state_before_it(desk, enter):
    point = enter(desk, name="Old name")
    changed = desk.patch(
        f"/api/v1/points/{point['id']}",
        json={"version": 1, "name": "New name", "threatened_persons": 1200},
    ).json()
    assert (changed["version"], changed["grade"]) == (2, "I")
    newest, oldest = desk.get(f"/api/v1/points/{point['id']}/history").json()
    assert newest["by_name"] == "Zhang"
    told = {d["column"]: (d["was"], d["became"]) for d in newest["differences"]}
    assert told == {
        "name": ("Old name", "New name"),
        "threatened_persons": ("120", "1200"),
        "grade": ("III", "I"),
    }
    assert oldest["differences"] == []


def test_a_point_that_moves_gets_the_area_of_its_new_place(desk, enter):
    point = enter(desk)
    where = {"version": 1, "longitude": IN_TAIBAI.x, "latitude": IN_TAIBAI.y}
    moved = desk.patch(f"/api/v1/points/{point['id']}", json=where).json()
    assert moved["area_path"] == TAIBAI


def test_a_stale_change_is_refused_and_told_who_changed_what(desk, enter, sign_in):
    point = enter(desk)
    address = f"/api/v1/points/{point['id']}"
    assert desk.patch(address, json={"version": 1, "owner_name": "Li"}).status_code == 200
    sign_in(desk, Role.PLANNER, WANZHOU, name="Wang")
    stale = desk.patch(address, json={"version": 1, "name": "Mine"})
    assert stale.status_code == 409
    assert "Zhang" in stale.json()["detail"]
    assert "owner_name" in stale.json()["detail"]
    assert desk.get(address).json()["name"] == point["name"]


def test_a_grade_by_hand_stays_until_it_is_taken_back(desk, enter):
    point = enter(desk, grade="I", grade_reason="A school stands below.")
    assert (point["grade"], point["grade_origin"]) == ("I", "by_hand")
    address = f"/api/v1/points/{point['id']}"
    kept = desk.patch(address, json={"version": 1, "threatened_persons": 3}).json()
    assert kept["grade"] == "I"
    back = desk.patch(address, json={"version": 2, "grade": None}).json()
    assert (back["grade"], back["grade_origin"], back["grade_reason"]) == ("IV", "computed", None)


def test_approved_then_delisted_for_a_ground_and_off_the_list(desk, enter):
    point = enter(desk)
    address = f"/api/v1/points/{point['id']}"
    early = desk.post(f"{address}/delist", json={"version": 1, "ground": "Works finished"})
    assert early.status_code == 422
    assert desk.post(f"{address}/approve", json={"version": 1}).json()["state"] == "approved"
    assert desk.post(f"{address}/delist", json={"version": 2, "ground": ""}).status_code == 422
    done = desk.post(f"{address}/delist", json={"version": 2, "ground": "Works finished"}).json()
    assert (done["state"], done["delisted_ground"]) == ("delisted", "Works finished")
    assert desk.get("/api/v1/points").json()["total"] == 0
    assert desk.get("/api/v1/points?state=delisted").json()["total"] == 1
    assert desk.patch(address, json={"version": 3, "name": "Again"}).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"hazard_type": "dragon"},
        {"category": "nice"},
        {"threatened_persons": -1},
        {"threatened_frail": 121},
        {"grade": "I"},
        {"longitude": OUTSIDE.x, "latitude": OUTSIDE.y},
        {"longitude": 30.8, "latitude": 108.35},
        {"longitude": float(0), "surprise": 1},
        {"extent": {"type": "Point", "coordinates": [1, 2]}},
        {"extent": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}},
    ],
)
def test_what_breaks_a_rule_is_refused_and_leaves_nothing(desk, wrong):
    answer = desk.post("/api/v1/points", json=said(**wrong))
    assert answer.status_code == 422, answer.text
    assert desk.get("/api/v1/points").json()["total"] == 0


def test_every_act_is_in_the_audit_log_and_on_the_live_line(desk, enter, sessions):
    point = enter(desk)
    desk.patch(f"/api/v1/points/{point['id']}", json={"version": 1, "name": "Other"})
    desk.post(f"/api/v1/points/{point['id']}/approve", json={"version": 2})
    with unit_of_work(sessions, SYSTEM) as session:
        acts = session.scalars(
            select(AuditEntry.act)
            .where(AuditEntry.act.startswith("point"))
            .order_by(AuditEntry.seq)
        ).all()
        kinds = session.scalars(select(LiveEvent.kind).order_by(LiveEvent.seq)).all()
    assert acts == ["point.registered", "point.changed", "point.approved"]
    assert kinds == ["registered", "changed", "approved"]


def test_not_even_a_hand_made_update_escapes_the_history(desk, enter, sessions):
    enter(desk)
    unsigned = "UPDATE hazard_point SET name = 'x'"
    with pytest.raises(DBAPIError, match="version"), unit_of_work(sessions, SYSTEM) as session:
        session.execute(text(unsigned))
    for forbidden in (
        "DELETE FROM hazard_point",
        "DELETE FROM hazard_point_version",
        "UPDATE hazard_point_version SET name = 'x'",
        "INSERT INTO hazard_point_version SELECT * FROM hazard_point_version",
    ):
        with pytest.raises(DBAPIError), unit_of_work(sessions, SYSTEM) as session:
            session.execute(text(forbidden))
    unknown = "UPDATE hazard_point SET hazard_type = 'dragon', version = version + 1"
    with pytest.raises(DBAPIError, match="type"), unit_of_work(sessions, SYSTEM) as session:
        session.execute(text(unknown))
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(text(f"{unsigned}, version = version + 1"))
        assert session.scalar(select(HazardPoint.version)) == 2
        assert session.scalar(text("SELECT name FROM hazard_point_version")) == "大石坡滑坡"
