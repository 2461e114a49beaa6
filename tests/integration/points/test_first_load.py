"""A first load gets its indexes after its rows: all of them, whatever happens."""

from sqlalchemy import text

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points.importing import statements
from tests.integration.points.importing import row, told

INDEXES = text("""
    SELECT pg_get_indexdef(indexrelid), indexrelid::bigint
    FROM pg_index WHERE indrelid = 'hazard_point'::regclass AND indisvalid
""")


def indexes(sessions) -> dict[str, int]:
    with unit_of_work(sessions, SYSTEM) as session:
        return {row[0]: row[1] for row in session.execute(INDEXES)}


def made_anew(before: dict[str, int], after: dict[str, int]) -> int:
    assert after.keys() == before.keys()
    return sum(after[definition] != oid for definition, oid in before.items())


def test_a_first_load_makes_every_index_again_and_a_later_one_none(office, sessions):
    before = indexes(sessions)
    rows = [row(f"N{n}", 经度=f"{108.3 + n % 199 / 1000:.3f}") for n in range(20_000)]
    assert told(office.rows(*rows)) == (20_000, 0, 0, 0)
    after = indexes(sessions)
    assert made_anew(before, after) == len(before) - 1  # all but the one over ids
    more = [one.replace("N", "M") for one in rows]
    assert told(office.rows(*more)) == (20_000, 0, 0, 0)
    assert made_anew(after, indexes(sessions)) == 0


def test_whoever_forgets_the_indexes_gets_them_with_the_commit(world, sessions):
    before = indexes(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(statements.REST)
        assert len(session.execute(INDEXES).all()) == 1
    assert made_anew(before, indexes(sessions)) == len(before) - 1


def test_nobody_who_reads_the_ledger_waits_behind_a_first_load(world, sessions):
    before = indexes(sessions)
    with unit_of_work(sessions, SYSTEM) as reader, unit_of_work(sessions, SYSTEM) as session:
        reader.execute(text("SELECT FROM hazard_point"))
        session.execute(statements.REST)
        assert len(session.execute(INDEXES).all()) == len(before)
    assert made_anew(before, indexes(sessions)) == 0
