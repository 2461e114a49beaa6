"""A backup brings everything back: rows, rights, the audit chain; and overwrites nothing."""

import os

import pytest
from sqlalchemy import create_engine, func, select, text

from gis.areas.models import Area
from gis.authority import Role
from gis.errors import Conflict, Missing, Unavailable
from gis.store import audit
from gis.store.backup import backup, restore
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import NOBODY, SYSTEM
from rescue_app import schema
from rescue_app.auth import service as auth
from rescue_app.auth.models import Account
from tests.integration.points.commands import yitong
from tests.world import WANZHOU

LEAKPROOF = text(
    "SELECT proleakproof FROM pg_proc"
    " WHERE oid = 'geometry_overlaps(geometry, geometry)'::regprocedure"
)


@pytest.fixture
def other(cluster):
    """An empty database to restore into."""
    name = f"restored_{os.getpid()}"
    cluster.drop_database(name)
    yield cluster.create_database(name)
    cluster.drop_database(name)


@pytest.fixture
def planner(sessions, world):
    with unit_of_work(sessions, SYSTEM) as session:
        return auth.add_account(
            session,
            login="planner",
            name="王敏",
            password="yitong-demo",
            role=Role.PLANNER,
            area_path=WANZHOU,
        )


def count(sessions, scope, model):
    with unit_of_work(sessions, scope) as session:
        return session.scalar(select(func.count()).select_from(model))


def test_what_was_backed_up_comes_back_whole(database, sessions, planner, other, tmp_path):
    file = tmp_path / "yitong.backup"
    size_bytes = backup(database.owner, file)
    assert file.stat().st_size == size_bytes > 0
    assert file.stat().st_mode & 0o077 == 0
    restore(other.owner, file)
    assert schema.is_current(other.owner)
    engine = make_engine(other.app)
    restored = make_sessions(engine)
    assert count(restored, SYSTEM, Area) == count(sessions, SYSTEM, Area) > 0
    assert count(restored, SYSTEM, Account) == 1
    assert count(restored, NOBODY, Account) == 0  # row-level security came back too
    with unit_of_work(restored, SYSTEM) as session:
        verdict = audit.verify(session)
    assert (verdict.lines, verdict.broken_at) == (1, None)
    engine.dispose()
    owner = create_engine(other.owner)
    with owner.connect() as connection:
        assert connection.scalar(LEAKPROOF) is True
    owner.dispose()


def test_a_file_that_exists_is_not_overwritten(database, tmp_path):
    file = tmp_path / "kept"
    file.write_text("precious")
    with pytest.raises(Conflict, match="exists"):
        backup(database.owner, file)
    assert file.read_text() == "precious"


def test_a_database_with_tables_is_not_overwritten(database, planner, tmp_path):
    file = tmp_path / "yitong.backup"
    backup(database.owner, file)
    with pytest.raises(Conflict, match="not empty"):
        restore(database.owner, file)


def test_a_broken_file_leaves_the_database_as_it_was(database, planner, other, tmp_path):
    file = tmp_path / "yitong.backup"
    backup(database.owner, file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(Unavailable, match="pg_restore did not succeed"):
        restore(other.owner, file)
    whole = tmp_path / "whole.backup"
    backup(database.owner, whole)
    restore(other.owner, whole)  # it was still empty


def test_a_missing_file_or_folder_is_named(database, other, tmp_path):
    with pytest.raises(Missing, match="no file"):
        restore(other.owner, tmp_path / "none")
    with pytest.raises(Missing, match="no folder"):
        backup(database.owner, tmp_path / "none" / "yitong.backup")


def test_a_command_on_a_database_without_tables_says_what_to_run(other):
    said = yitong("evidence", "list", database=other, fails=True)
    assert "请先运行 `yitong db migrate`" in said
    assert "Traceback" not in said
