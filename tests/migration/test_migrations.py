"""The schema grows, matches the code, shrinks to nothing and grows again."""

import os

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from rescue_app import schema

OURS = text(
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'S') AND NOT EXISTS"
    " (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
)
OUR_FUNCTIONS = text(
    "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE n.nspname = 'public' AND NOT EXISTS"
    " (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)
UNGUARDED = text(
    "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND relkind = 'r' AND NOT relrowsecurity"
    " AND has_table_privilege('yitong_app', c.oid, 'SELECT') AND NOT EXISTS"
    " (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
)
# The queue holds ids of jobs and nothing else; alembic's own table holds one number.
OPEN_ON_PURPOSE = {
    "alembic_version",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
}


@pytest.fixture
def empty(cluster):
    """A database without any of our tables."""
    name = f"migration_{os.getpid()}"
    cluster.drop_database(name)
    yield cluster.create_database(name).owner
    cluster.drop_database(name)


def ask(url, question):
    engine = create_engine(url)
    with engine.connect() as connection:
        answer = connection.execute(question).scalars().all()
    engine.dispose()
    return answer


def test_up_then_nothing_to_change_then_down_to_nothing_then_up_again(empty):
    functions_before = ask(empty, OUR_FUNCTIONS)
    schema.upgrade(empty)
    command.check(schema.config(empty))  # raises when the models and the tables differ
    schema.downgrade(empty, "base")
    assert ask(empty, OURS) == [1]  # alembic's own
    assert ask(empty, OUR_FUNCTIONS) == functions_before
    schema.upgrade(empty)
    assert schema.is_current(empty)


def test_every_table_the_application_may_read_is_under_row_level_security(worker_urls):
    assert set(ask(worker_urls.owner, UNGUARDED)) <= OPEN_ON_PURPOSE
