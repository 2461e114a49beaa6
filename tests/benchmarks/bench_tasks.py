"""Lists made for the whole ledger, and a district switched to an emergency, beside bare SQL."""

import time
from collections.abc import Callable
from datetime import datetime

import psycopg
from sqlalchemy import make_url

from gis.areas.placing import CITY_ZONE
from gis.authority import Actor, Role
from gis.store.cluster import Urls
from gis.store.engine import Sessions, make_engine, make_sessions, unit_of_work
from gis.store.scope import NO_ONE, SYSTEM, Scope
from hazards.checklists import loader
from hazards.modes.rules import Mode
from hazards.tasks import making, switching
from rescue_app import shipped
from tests.benchmarks.harness import Contest, Run, Spent, benchmark
from tests.benchmarks.lab import Lab, plain

NOW = datetime(2026, 7, 6, 8, tzinfo=CITY_ZONE)
"""A Monday in the flood season: what is asked then does not hang on the day of the run."""
CITY, DISTRICT, AFTER = "/500000/", "/500000/500101/", "/500000/5001010"
COMMANDER = Actor(NO_ONE, "bench", Role.CITY_COMMANDER, CITY)
HERE = f"area_path >= '{DISTRICT}' AND area_path < '{AFTER}'"
EMPTY = "TRUNCATE task, task_round"
# What was just made, by kind of point: the floor writes the same rows from it.
KINDS = """
    CREATE TABLE kind AS SELECT DISTINCT p.category, p.hazard_type, t.template_code,
        t.template_version, t.period, t.mode, t.role, t.from_at, t.due_at
    FROM task t JOIN hazard_point p ON p.id = t.subject_id WHERE t.state = 'open'
"""
FILL = """
    INSERT INTO task (subject_id, template_code, template_version, period, area_path, mode, role,
        person, from_at, due_at, synthetic)
    SELECT p.id, template_code, template_version, period, area_path, mode, role, '', from_at,
        due_at, synthetic
    FROM hazard_point p JOIN kind USING (category, hazard_type) WHERE state = 'approved'
"""
# Every 25th point's owner can sign in, and each district has a bureau that its list names for
# all that no owner and no patrol takes.
DISTRICTS = "(SELECT DISTINCT left(area_path, 15) AS path FROM hazard_point) AS district"
STAFF = (
    """CREATE TABLE owner AS SELECT gen_random_uuid() AS id, owner_name AS name,
        owner_phone AS phone, left(area_path, 15) AS path
        FROM hazard_point WHERE right(number, 2) IN ('00', '25', '50', '75')""",
    """INSERT INTO account (id, login, name, role, area_path, password_hash, active, failed_tries,
        synthetic) SELECT id, phone, name, 'crew', path, '-', true, 0, true FROM owner""",
    f"""INSERT INTO unit (id, name, name_en, kind, level, area_path, phone, synthetic)
        SELECT gen_random_uuid(), '应急管理局', 'bureau', 'department', 'district', path, '', true
        FROM {DISTRICTS}""",
    """INSERT INTO member (id, name, post, phone, unit_id, account_id, rank, area_path, synthetic)
        SELECT gen_random_uuid(), owner.name, '', owner.phone, unit.id, owner.id, 9, owner.path,
            true FROM owner JOIN unit ON unit.area_path = owner.path
        UNION ALL SELECT gen_random_uuid(), '局长', '', '123', id, NULL, 0, area_path, true
        FROM unit""",
    f"""INSERT INTO responsibility (id, area_path, matter, category, level, lead, helpers,
        first_name, first_phone, deputy_name, deputy_phone, valid_from, changed_at,
        changed_by_name, synthetic)
        SELECT gen_random_uuid(), path, 'any', '', 'district', '应急管理局', '{{}}', '局长', '123',
            '', '', '2026-01-01', now(), 'bench', true FROM {DISTRICTS}""",
    "ANALYZE account, unit, member, responsibility",
)
BACK = (
    "TRUNCATE area_mode",
    f"DELETE FROM task WHERE {HERE}",
    "INSERT INTO task SELECT * FROM calm",
)
CANCELLED = f"""
    UPDATE task SET state = 'cancelled', cancelled_at = now(), cancelled_why = 'mode' WHERE {HERE}
"""


class Ground:
    """A copy of the ledger with the lists that ship, and two ways into it."""

    def __init__(self, lab: Lab, name: str) -> None:
        template = make_url(lab.ledger.owner).database
        self.urls: Urls = lab.cluster.create_database(name, template=template)
        with unit_of_work(self.sessions(), SYSTEM) as session:
            loader.load(session, shipped.DATA / "checklists")

    def sessions(self) -> Sessions:
        """Come in as the platform does."""
        return make_sessions(make_engine(self.urls.app))

    def bare(self, *statements: str) -> int:
        """Run statements as owner in one transaction; give how many rows they wrote."""
        with psycopg.connect(plain(self.urls.owner)) as owner:
            return sum(owner.execute(text).rowcount for text in statements)

    def after(self, *statements: str, do: Callable[[], int], wanted: int) -> Run:
        """Set the ground back, which nobody measures, then measure; hold that all was written."""

        def run() -> Spent:
            self.bare(*statements)
            begun = time.perf_counter()
            wrote = do()
            spent = Spent(time.perf_counter() - begun)
            if wrote != wanted:
                msg = f"{wrote} rows were written, not {wanted}"
                raise RuntimeError(msg)
            return spent

        return run


@benchmark("tasks/generate", unit="rows/s")
def generate(lab: Lab) -> Contest:
    """All lists due on a morning of the flood season, at every point of the ledger, made anew.

    The floor writes the same rows into the same table by one INSERT … SELECT of its owner.
    """
    return making_all(Ground(lab, "tasks"))


def making_all(ground: Ground, *staff: str) -> Contest:
    """Let both make all tasks, on ground with these people."""
    ground.bare(*staff)
    sessions = ground.sessions()

    def ours() -> int:
        return making.generate(sessions, now=NOW)

    made = ours()
    ground.bare(KINDS)
    return Contest(
        ours=ground.after(EMPTY, do=ours, wanted=made),
        floor=ground.after(EMPTY, do=lambda: ground.bare(FILL), wanted=made),
        rounds=5,
        warm_up=1,
        rows=made,
    )


@benchmark("tasks/carried", unit="rows/s")
def carried(lab: Lab) -> Contest:
    """The same where 10,000 owners can sign in and a responsibility list names all the rest."""
    return making_all(Ground(lab, "carried"), *STAFF)


@benchmark("mode/switch", unit="ms")
def switch(lab: Lab) -> Contest:
    """One district goes from peace to war: its open lists end, those of the new mode start.

    The floor is one UPDATE and one INSERT … SELECT of the same rows by the table's owner.
    """
    ground = Ground(lab, "modes")
    sessions = ground.sessions()
    making.generate(sessions, now=NOW)
    ground.bare(f"CREATE TABLE calm AS SELECT * FROM task WHERE {HERE}")

    def ours() -> int:
        with unit_of_work(sessions, Scope.of(COMMANDER)) as session:
            turned = switching.switch(
                session, area_path=DISTRICT, mode=Mode.WAR, reason="bench", by=COMMANDER, now=NOW
            )
        return turned.started + turned.cancelled

    wrote = ours()
    ground.bare(KINDS, "DELETE FROM kind WHERE mode <> 'war'")
    written = f"{FILL} AND {HERE}"
    return Contest(
        ours=ground.after(*BACK, do=ours, wanted=wrote),
        floor=ground.after(*BACK, do=lambda: ground.bare(CANCELLED, written), wanted=wrote),
        rounds=7,
        warm_up=1,
        rows=wrote,
    )
