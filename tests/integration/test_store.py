"""The ground holds: one transaction, one scope, logs in commit order, a chain that shows a gap."""

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from gis.authority import Role
from gis.errors import Rejected
from gis.store import audit, notify
from gis.store.audit import AuditEntry
from gis.store.base import new_id
from gis.store.engine import Sessions, unit_of_work
from gis.store.notify import LiveEvent
from gis.store.scope import NOBODY, SYSTEM, Scope
from tests.world import CITY, WANZHOU, YUNYANG


def announce(session: Session, area_path: str = WANZHOU) -> None:
    notify.announce(session, topic="point", kind="changed", ref=new_id(), area_path=area_path)


def events(sessions: Sessions, scope: Scope) -> list[LiveEvent]:
    with unit_of_work(sessions, scope) as session:
        return list(session.scalars(select(LiveEvent).order_by(LiveEvent.seq)))


def test_what_fails_halfway_leaves_nothing(sessions):
    with pytest.raises(Rejected), unit_of_work(sessions, SYSTEM) as session:
        announce(session)
        audit.record(session, act="tried", subject=None, area_path=WANZHOU)
        raise Rejected("no")
    assert events(sessions, SYSTEM) == []


def test_each_sees_the_events_of_his_own_area_only(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        announce(session, WANZHOU)
        announce(session, YUNYANG)
    assert len(events(sessions, Scope(CITY, Role.CITY_COMMANDER))) == 2
    assert [e.area_paths for e in events(sessions, Scope(YUNYANG, Role.PLANNER))] == [[YUNYANG]]
    assert events(sessions, NOBODY) == []


def test_without_a_scope_nothing_is_seen(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        announce(session)
    with sessions() as bare:
        # The same pooled connection: the scope of the work before must not have stayed.
        assert bare.scalars(select(LiveEvent)).all() == []


def test_announcements_become_visible_in_the_order_of_their_numbers(sessions):
    """A reader at number n has missed nothing below n, however many write at once."""
    gaps: list[set[int]] = []
    done = threading.Event()

    def write() -> None:
        for _ in range(25):
            with unit_of_work(sessions, SYSTEM) as session:
                announce(session)

    def read() -> None:
        seen: set[int] = set()
        while not done.is_set():
            now = {event.seq for event in events(sessions, SYSTEM)}
            gaps.append({s for s in now - seen if s < max(seen, default=0)})
            seen = now

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write) for _ in range(4)]
    reader.start()
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert set().union(*gaps) == set()
    assert len(events(sessions, SYSTEM)) == 100


def test_the_audit_chain_verifies_and_a_removed_line_shows(sessions, owner):
    for number in range(5):
        with unit_of_work(sessions, Scope(WANZHOU, Role.PLANNER, new_id())) as session:
            audit.record(
                session, act="point.changed", subject=new_id(), area_path=WANZHOU, n=number
            )
    with unit_of_work(sessions, SYSTEM) as session:
        verdict = audit.verify(session)
    assert (verdict.lines, verdict.broken_at) == (5, None)

    owner.execute(text("DELETE FROM audit_entry WHERE seq = 3"))
    assert audit.verify(owner).broken_at == 4


def test_a_changed_line_shows(sessions, owner):
    with unit_of_work(sessions, SYSTEM) as session:
        audit.record(session, act="a", subject=None, area_path=CITY, persons=5)
        audit.record(session, act="b", subject=None, area_path=CITY)
    owner.execute(text("""UPDATE audit_entry SET facts = '{"persons": 50}' WHERE seq = 1"""))
    assert audit.verify(owner).broken_at == 1


@pytest.mark.parametrize("table", ["audit_entry", "live_event"])
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "UPDATE {} SET area_path = 'x'"])
def test_the_application_cannot_rewrite_its_logs(sessions, table, deed):
    if table == "live_event":
        deed = deed.replace("area_path = 'x'", "topic = 'x'")
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        unit_of_work(sessions, SYSTEM) as session,
    ):
        session.execute(text(deed.format(table)))


def test_the_audit_log_is_read_by_area(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        audit.record(session, act="a", subject=None, area_path=YUNYANG)
    with unit_of_work(sessions, Scope(WANZHOU, Role.OBSERVER)) as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_ids_are_ordered_by_time():
    made = [new_id() for _ in range(3)]
    assert all(i.version == 7 for i in made)
    assert made[0].bytes[:6] <= made[1].bytes[:6] <= made[2].bytes[:6]


def test_no_shape_has_an_index_that_ends_the_server_when_rows_are_counted(owner):
    spatial = owner.scalars(
        text("SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexdef ~ 'spgist'")
    ).all()
    assert spatial == []
