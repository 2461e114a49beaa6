"""The whole city for pictures: real areas, the scenario's points and people, an order under way."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from shapely import Point
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.areas import service as areas
from gis.store.cluster import Urls
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty import repository as duty
from qr_codes.signing import KEY_BYTES
from rescue_app import shipped
from rescue_app.auth import service as auth
from rescue_app.auth.models import Account
from rescue_app.http.dependencies import COOKIE
from rescue_app.scenario import rounds
from rescue_app.scenario import service as scenario
from tests.browser.acting import Stage, acting
from tests.browser.ledgers import bring_ledgers, worker
from tests.browser.stage import (
    apply_for_changes,
    change_many,
    lay_down_duty,
    order_a_crew,
    switch_a_mode,
)
from tests.browser.street_work import answer_a_list, close_and_evaluate, patrol_a_bridge

POINTS = 5_000
SEED = 20_251_106
UNIT = text("SELECT 'unit:' || id FROM unit WHERE kind = 'centre' AND area_path = :path LIMIT 1")
HEART = text("SELECT ST_AsText(ST_PointOnSurface(boundary)) FROM area WHERE path = :path LIMIT 1")
CALL = text("SELECT id FROM call ORDER BY id LIMIT 1")
WORST = text("""
SELECT id::text FROM hazard_point WHERE starts_with(area_path, :path)
ORDER BY grade, threatened_persons DESC LIMIT 1
""")


def fill(urls: Urls, home: Path) -> Stage:
    """Load what an empty installation loads, and let the demo people work."""
    engine = make_engine(urls.app)
    sessions = make_sessions(engine, files_url=str(home / "files"))
    now = datetime.now(UTC)
    with unit_of_work(sessions, SYSTEM) as session:
        shipped.load(session, secret=bytes(KEY_BYTES), now=now)
        areas.load_seed(session, shipped.AREAS)
    with unit_of_work(sessions, SYSTEM) as session:
        scenario.load(session, points=POINTS, seed=SEED, now=now)
        rounds.live(session, now=now)
    with unit_of_work(sessions, SYSTEM) as session:
        stage, below, heart = cast_of(session, now)
    with acting(urls, home, stage) as act:
        apply_for_changes(act, stage, heart)
        change_many(act, stage)
        patrol_a_bridge(act, stage, heart)
        close_and_evaluate(act, stage, heart)
        lay_down_duty(act, stage)
        order_a_crew(act, stage, below, heart)
        switch_a_mode(act, "wanzhou", "/500000/500101/")
        act.client.cookies.set(COOKIE, stage.tokens["planner"])  # type: ignore[attr-defined]  # see acting
        bring_ledgers(act.client, stage.ids, home, worker(urls, engine, home))  # type: ignore[attr-defined]  # see acting
        answer_a_list(sessions, act, stage)
    with unit_of_work(sessions, SYSTEM) as session:
        stage.ids["call"] = str(session.scalar(CALL))
    engine.dispose()
    return stage


def cast_of(session: Session, now: datetime) -> tuple[Stage, tuple[str, str, str], Point]:
    """Sign the demo people in; give whom an order passes, and the heart of their street."""
    people = {account.login: account for account in session.scalars(select(Account))}
    life = timedelta(days=1)
    stage = Stage(
        tokens={
            who: auth.begin(session, account, agent="test", now=now, life=life)
            for who, account in people.items()
        }
    )
    street, district = people["street"].area_path, people["wanzhou"].area_path
    units = [str(session.scalar(UNIT, {"path": path})) for path in (district, street)]
    crew = duty.crews_of(session, people["crew"].id)[0]
    stage.ids["point"] = str(session.scalar(WORST, {"path": district}))
    x, y = str(session.scalar(HEART, {"path": street})).removeprefix("POINT(").rstrip(")").split()
    return stage, (units[0], units[1], f"crew:{crew.id}"), Point(float(x), float(y))
