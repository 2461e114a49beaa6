"""Assets, and the door through which an office's lists come to them."""

from datetime import UTC, datetime

import pytest
import yaml

from gis import exchange
from gis.authority import Actor, Role
from gis.exchange.importing import mapping
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM, Scope
from qr_codes.assets.importing import register
from tests.patrols import load_reference
from tests.world import WANZHOU

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)


@pytest.fixture
def reference(sessions):
    load_reference(sessions)


@pytest.fixture
def bring(sessions, tmp_path):
    def do(path, how, *, apply=True, by=None, **changes):
        said = tmp_path / "how.yaml"
        content = yaml.safe_load(how.read_text()) if hasattr(how, "read_text") else how
        said.write_text(yaml.safe_dump(content | changes, allow_unicode=True))
        plan = mapping.load(said)
        table = exchange.read(path, encoding=plan.encoding, layer=plan.layer)
        actor = by or Actor(new_id(), "program", Role.SYSTEM, "/")
        scope = Scope.of(by) if by else SYSTEM
        with unit_of_work(sessions, scope) as session:
            return register.bring_in(
                session, table=table, mapping=plan, by=actor, now=NOW, apply=apply
            )

    return do


@pytest.fixture
def save(tmp_path):
    def do(*rows, name="设施.csv", encoding="gb18030"):
        path = tmp_path / name
        path.write_bytes("\n".join([*rows, ""]).encode(encoding))
        return path

    return do


@pytest.fixture
def desk(client, sign_in):
    sign_in(client, Role.DISTRICT_COMMANDER, WANZHOU)
    return client
