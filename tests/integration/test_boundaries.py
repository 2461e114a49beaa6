"""Boundaries change: what lies in them follows, and keeps where it was in its history."""

from datetime import UTC, datetime

from sqlalchemy import text

from gis.authority import Role
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points import types
from rescue_app import boundaries
from rescue_app.settings import PROJECT
from tests.ledger import entered
from tests.patrols import labelled, lay_down_store, load_reference
from tests.world import GAOSUNTANG, TAIBAI, WANZHOU

NOW = datetime(2026, 7, 1, 4, tzinfo=UTC)
TAKES_ALL = text("""
    UPDATE area SET boundary = CASE path WHEN :taker THEN
        ST_Multi(ST_MakeEnvelope(108.3, 30.7, 108.5, 30.9, 4326)) END
    WHERE path IN (:taker, :loser)
""")


def test_points_assets_and_labels_follow_a_moved_boundary(client, sign_in, sessions, world):
    load_reference(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        types.load(session, PROJECT / "data" / "hazard_types.yaml")
    sign_in(client, Role.DISTRICT_COMMANDER, WANZHOU)
    bridge = labelled(client)
    lay_down_store(sessions)
    point = client.get(f"/api/v1/points/{entered(sessions)}").json()
    assert point["area_path"] == GAOSUNTANG

    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(TAKES_ALL, {"taker": TAIBAI, "loser": GAOSUNTANG})
        moved = boundaries.place_anew(session, now=NOW)
        again = boundaries.place_anew(session, now=NOW)
    assert (moved, again) == (
        {"points": 1, "assets": 1, "stations": 0, "stores": 1},
        {"points": 0, "assets": 0, "stations": 0, "stores": 0},
    )

    now = client.get(f"/api/v1/points/{point['id']}").json()
    assert (now["area_path"], now["version"]) == (TAIBAI, point["version"] + 1)
    with unit_of_work(sessions, SYSTEM) as session:
        label = text("SELECT area_path FROM risk_code WHERE code = :code")
        assert session.scalar(label, {"code": bridge.code}) == TAIBAI
        assert session.scalar(text("SELECT area_path FROM material_store")) == TAIBAI
        was = text("SELECT area_path FROM hazard_point_version")
        assert session.scalars(was).all() == [GAOSUNTANG]
