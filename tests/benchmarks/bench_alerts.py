"""An alert over three districts meets the ledger: its lists beside bare SQL, and its calls."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import NO_ONE, PROGRAM, SYSTEM
from hazards.alerts import calling, loader, repository, spreading
from hazards.alerts.models import Alert
from rescue_app import shipped
from tests.benchmarks.bench_tasks import FILL, KINDS, NOW, STAFF, Ground
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab

FULLEST = """
    CREATE TABLE warned_district AS SELECT left(area_path, 15) AS path FROM hazard_point
    WHERE state = 'approved' AND length(area_path) > 8 GROUP BY 1 ORDER BY count(*) DESC LIMIT 3
"""
INSIDE = "left(area_path, 15) IN (SELECT path FROM warned_district)"
CLEAR = "TRUNCATE task, alert_call, call CASCADE"


@benchmark("alert/tasks", unit="rows/s")
def tasks(lab: Lab) -> Contest:
    """A red alert over the three fullest districts: every point inside gets all its lists.

    The floor writes the same rows into the same table by one INSERT … SELECT of its owner.
    """
    ground, alert_id = warned(lab, "alerts")
    sessions = ground.sessions()

    def ours() -> int:
        with unit_of_work(sessions, SYSTEM) as session:
            made, _ = spreading.make_lists(session, found(session, alert_id), now=NOW)
        return made

    made = ours()
    ground.bare(KINDS)
    bare = f"{FILL} AND {INSIDE}"
    return Contest(
        ours=ground.after(CLEAR, do=ours, wanted=made),
        floor=ground.after(CLEAR, do=lambda: ground.bare(bare), wanted=made),
        rounds=3,
        warm_up=1,
        rows=made,
    )


@benchmark("alert/calls", unit="rows/s")
def call(lab: Lab) -> Contest:
    """The same alert calls everyone in charge: for each person a call with its whole ladder."""
    ground, alert_id = warned(lab, "callings")
    sessions = ground.sessions()

    def ours() -> int:
        with unit_of_work(sessions, SYSTEM) as session:
            alert = found(session, alert_id)
            where = spreading.regions(alert.reach)
            return calling.call(session, alert, where, by=PROGRAM, now=NOW)

    return Contest(
        ours=ground.after(CLEAR, do=ours, wanted=(people := ours())),
        rounds=3,
        warm_up=0,
        rows=people,
    )


def warned(lab: Lab, name: str) -> tuple[Ground, UUID]:
    """Give ground with people on it, and an alert that holds there."""
    ground = Ground(lab, name)
    ground.bare(*STAFF, FULLEST)
    return ground, proclaim(ground)


def found(session: Session, alert_id: UUID) -> Alert:
    """Give the alert, held as whoever issues it holds it."""
    alert = repository.held(session, alert_id)
    if alert is None:
        msg = "the alert is gone"
        raise RuntimeError(msg)
    return alert


def proclaim(ground: Ground) -> UUID:
    """Let the alert hold; give its id."""
    with unit_of_work(ground.sessions(), SYSTEM) as session:
        loader.load(session, shipped.DATA / "alerts" / "colours.yaml")
    made = new_id()
    ground.bare(
        f"""INSERT INTO alert (id, root_id, colour, hazard_type, area_path, area_paths, reach,
            where_zh, where_en, expires_at, headline_zh, headline_en, instruction_zh,
            instruction_en, why, source, is_drill, synthetic, proposed_by, proposed_by_name,
            proposed_at, state, onset_at, issued_at)
        SELECT '{made}', '{made}', 'red', 'landslide', '/500000/', array_agg(path ORDER BY path),
            array_agg(path ORDER BY path), '', '', '{NOW + timedelta(hours=6)}', '滑坡红色预警',
            'Red warning', '', '', '', 'rule', false, true, '{NO_ONE}', '', '{NOW}', 'issued',
            '{NOW}', '{NOW}'
        FROM warned_district"""
    )
    return made
