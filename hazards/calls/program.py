"""The mechanism's own eyes: a call reaches people that its opener may not look up himself."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.authority import Role
from gis.store.scope import NO_ONE, SYSTEM, Scope, enter

NOW_SEEN = text(
    "SELECT coalesce(current_setting('yitong.area_path', true), '') AS area_path,"
    " coalesce(nullif(current_setting('yitong.role', true), ''), 'observer') AS role,"
    " coalesce(scope_actor(), :no_one) AS actor"
)


@contextmanager
def as_program(session: Session) -> Iterator[None]:
    """Work as the program, then look through the same eyes as before."""
    session.flush()  # what waits is written through the caller's own eyes, not through these
    before = session.execute(NOW_SEEN, {"no_one": NO_ONE}).one()
    enter(session, SYSTEM)
    yield
    session.flush()  # and what was made here through these
    enter(session, Scope(before.area_path, Role(before.role), UUID(str(before.actor))))
