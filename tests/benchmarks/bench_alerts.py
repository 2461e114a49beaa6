"""An alert over three districts meets the ledger: its lists beside bare SQL, and its calls."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import NO_ONE, PROGRAM, SYSTEM
from hazards.alerts import calling, loader, repository, spreading
from hazards.alerts.models import Alert
from qr_codes.assets import loader as kinds
from rescue_app import shipped
from tests.benchmarks.bench_tasks import NOW, STAFF, Ground
from tests.benchmarks.harness import Contest, benchmark
from tests.benchmarks.lab import Lab

FULLEST = """
    CREATE TABLE warned_district AS SELECT left(area_path, 15) AS path FROM hazard_point
    WHERE state = 'approved' AND length(area_path) > 8 GROUP BY 1 ORDER BY count(*) DESC LIMIT 3
"""
INSIDE = "left(area_path, 15) IN (SELECT path FROM warned_district)"
CLEAR = "TRUNCATE task, alert_call, call CASCADE"
PEOPLE = 40_000
# Drains beside the points of those districts, each looked after by somebody of its own.
ASSETS = f"""
    INSERT INTO asset (id, type_code, name, area_path, street, owner_unit, owner_phone, rank,
        facts, place, synthetic)
    SELECT gen_random_uuid(), 'drain_inlet', '雨水口', area_path, '', '养护 ' || n, 't' || n, '',
        '{{}}', place, true
    FROM (SELECT area_path, place, row_number() OVER () AS n FROM hazard_point,
        generate_series(1, 8) WHERE state = 'approved' AND {INSIDE}) AS beside
    WHERE n <= {PEOPLE}
"""
# What was just made, by kind: the floor writes the same rows from it.
KINDS = """
    CREATE TABLE kind AS SELECT DISTINCT p.category, p.hazard_type, t.template_code,
        t.template_version, t.period, t.mode, t.role, t.from_at, t.due_at
    FROM task t JOIN task_subject p ON p.id = t.subject_id
"""
FILL = f"""
    INSERT INTO task (subject_id, template_code, template_version, period, area_path, mode, role,
        person, from_at, due_at, synthetic)
    SELECT p.id, template_code, template_version, period, area_path, mode, role, '', from_at,
        due_at, synthetic
    FROM task_subject p JOIN kind USING (category, hazard_type)
    WHERE state = 'approved' AND {INSIDE}
"""


@benchmark("alert/tasks", unit="rows/s")
def tasks(lab: Lab) -> Contest:
    """A red alert over the three fullest districts: every point and asset inside gets its lists.

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
    return Contest(
        ours=ground.after(CLEAR, do=ours, wanted=made),
        floor=ground.after(CLEAR, do=lambda: ground.bare(FILL), wanted=made),
        rounds=3,
        warm_up=1,
        rows=made,
    )


@benchmark("alert/calls", unit="rows/s")
def call(lab: Lab) -> Contest:
    """The same alert calls everyone in charge, more than 40,000: each a call with its ladder."""
    ground, alert_id = warned(lab, "callings")
    sessions = ground.sessions()

    def ours() -> int:
        with unit_of_work(sessions, SYSTEM) as session:
            alert = found(session, alert_id)
            where = spreading.regions(alert.reach)
            told = {"by": PROGRAM, "now": NOW, "most": spreading.BATCH}
            inside = calling.in_charge(session, alert, where, now=NOW)
            called = calling.call(session, alert, inside, **told)
        while more := spreading.go_on(sessions, now=NOW):
            called += more
        return called

    return Contest(
        ours=ground.after(CLEAR, do=ours, wanted=(people := ours())),
        rounds=3,
        warm_up=0,
        rows=people,
    )


def warned(lab: Lab, name: str) -> tuple[Ground, UUID]:
    """Give ground with people on it, and an alert that holds there."""
    ground = Ground(lab, name)
    with unit_of_work(ground.sessions(), SYSTEM) as session:
        kinds.load(session, shipped.DATA / "assets")
    ground.bare(*STAFF, FULLEST, ASSETS, "ANALYZE asset")
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
