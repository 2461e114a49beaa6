"""A first load is written while it is read, indexes and sums after it: all, whatever happens."""

import pytest
from sqlalchemy import text

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points.importing import statements
from tests.integration.points.importing import row, told, why

INDEXES = text("""
    SELECT pg_get_indexdef(indexrelid), indexrelid::bigint
    FROM pg_index WHERE indrelid = 'hazard_point'::regclass AND indisvalid
""")
STAYING = 3
"""The index over ids, to which other tables point, and those over the few rows of a kind."""
LOGGED = text("SELECT pg_current_wal_insert_lsn() - '0/0'")

PYRAMID = text("SELECT * FROM point_count ORDER BY zoom, tile_x, tile_y, cell, category, grade")
SUMS_IN = text("""
    SELECT relfilenode AS file, indexdef AS definition
    FROM pg_class JOIN pg_indexes ON tablename = relname WHERE relname = 'point_count'
""")
WRITTEN_AGAIN = text("""
    CREATE TEMP TABLE kept ON COMMIT DROP AS TABLE hazard_point;
    TRUNCATE hazard_point CASCADE; INSERT INTO hazard_point TABLE kept
""")
MANY = [
    row(f"N{n}", 经度=f"{108.3 + n % 199 / 1000:.3f}", 威胁人数=str(n % 1500))
    for n in range(20_000)
]


def indexes(sessions) -> dict[str, int]:
    with unit_of_work(sessions, SYSTEM) as session:
        return {row[0]: row[1] for row in session.execute(INDEXES)}


def made_anew(before: dict[str, int], after: dict[str, int]) -> int:
    assert after.keys() == before.keys()
    return sum(after[definition] != oid for definition, oid in before.items())


def test_a_first_load_makes_every_index_again_and_a_later_one_none(office, sessions):
    before = indexes(sessions)
    assert told(office.rows(*MANY)) == (20_000, 0, 0, 0)
    after = indexes(sessions)
    assert made_anew(before, after) == len(before) - STAYING
    more = [one.replace("N", "M") for one in MANY]
    assert told(office.rows(*more)) == (20_000, 0, 0, 0)
    assert made_anew(after, indexes(sessions)) == 0


def test_the_sums_of_a_first_load_are_those_of_its_rows(office, owner):
    office.rows(*MANY, row("BAD", 经度="12.3"))
    summed = owner.execute(PYRAMID).all()
    owner.execute(WRITTEN_AGAIN)
    assert owner.execute(PYRAMID).all() == summed
    assert summed[0].zoom == 0


def test_a_first_load_leaves_no_former_sums_behind_and_a_later_one_adds_to_them(office, owner):
    files = [owner.execute(SUMS_IN).one()]
    for name in ("N", "M"):
        office.rows(*(one.replace("N", name) for one in MANY))
        files.append(owner.execute(SUMS_IN).one())
    before, first, later = files
    assert first.definition == before.definition
    assert first.file != before.file
    assert later == first


def test_the_rows_of_a_first_load_are_written_once_and_not_into_the_log_as_well(office, owner):
    before = owner.execute(LOGGED).scalar_one()
    office.rows(*MANY)
    first = owner.execute(LOGGED).scalar_one()
    office.rows(*(one.replace("N", "M") for one in MANY))
    later = owner.execute(LOGGED).scalar_one()
    assert (first - before) * 3 < later - first


def test_a_first_load_refuses_what_a_dry_run_refuses(office):
    wrong = [row("N5"), row("BAD", 经度="12.3")]
    tried = office.rows(*MANY, *wrong, apply=False)
    assert told(tried) == (19_999, 0, 0, 3)
    written = office.rows(*MANY, *wrong)
    assert told(written) == told(tried)
    assert why(written) == why(tried)
    assert told(office.rows(*MANY, *wrong)) == (0, 0, 19_999, 3)


def test_whoever_forgets_the_indexes_gets_them_with_the_commit(world, sessions):
    before = indexes(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        session.execute(statements.REST)
        assert len(session.execute(INDEXES).all()) == STAYING
    assert made_anew(before, indexes(sessions)) == len(before) - STAYING


@pytest.mark.parametrize("table", ["hazard_point", "point_count"])
def test_nobody_who_reads_the_ledger_waits_behind_a_first_load(world, sessions, table):
    before = indexes(sessions)
    with unit_of_work(sessions, SYSTEM) as reader, unit_of_work(sessions, SYSTEM) as session:
        reader.execute(text(f"SELECT FROM {table}"))
        session.execute(statements.REST)
        assert len(session.execute(INDEXES).all()) == len(before)
    assert made_anew(before, indexes(sessions)) == 0
