"""Assets, labels and people for tests of the patrol loop."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.checklists import loader as checklists
from hazards.duty import abilities
from qr_codes.assets import loader as asset_types
from qr_codes.evaluation import loader as evaluation
from qr_codes.findings import deadlines
from qr_codes.measures import service as measures
from qr_codes.stores.models import MaterialStore
from rescue_app.chains import editions as chains
from rescue_app.levels import loader as levels
from rescue_app.plans import service as plans
from rescue_app.settings import PROJECT
from tests.contents import lay_down
from tests.world import GAOSUNTANG, IN_GAOSUNTANG

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)


def load_reference(sessions: Sessions) -> None:
    """Lay down the checklists and kinds of assets that we ship."""
    lay_down(sessions, partial(load_shipped, sessions))


def load_shipped(sessions: Sessions) -> None:
    """Read what we ship from its files."""
    with unit_of_work(sessions, SYSTEM) as session:
        checklists.load(session, PROJECT / "data/checklists")
        asset_types.load(session, PROJECT / "data/assets")
        measures.load(session, PROJECT / "data/measures/cards.yaml", now=NOW)
        abilities.load(session, PROJECT / "data/duty/abilities.yaml")
        levels.load(session, PROJECT / "data/plans")
        plans.load(session, PROJECT / "data/plans/lists", now=NOW)
        deadlines.load(session, PROJECT / "data/findings")
        evaluation.load(session, PROJECT / "data/findings")
        chains.load(session, PROJECT / "data/chains/chains.yaml", now=NOW)


def lay_down_store(sessions: Sessions) -> str:
    """Let a store of materials lie in the street; give its id."""
    with unit_of_work(sessions, SYSTEM) as session:
        store = MaterialStore(
            source="t", source_id="1", name="高笋塘物资点", address="白岩路8号", keeper="陈管库",
            keeper_phone="13800000001", place=IN_GAOSUNTANG, area_path=GAOSUNTANG,
            stock={"cone": 40, "riprap": 120}, synthetic=True, changed_at=NOW, changed_by_name="",
        )  # fmt: skip
        session.add(store)
        session.flush()  # its id is needed
        return str(store.id)


@dataclass
class Labelled:
    """An asset with its label, as the street's commander made them."""

    asset: dict[str, Any]
    label: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.label["code"])


def make_asset(client: TestClient, **said: Any) -> dict[str, Any]:
    """Register an asset through the front as whoever is signed in."""
    place = said.pop("at", IN_GAOSUNTANG)
    body = {"type": "bridge", "name": "万州长江大桥", "place": place.__geo_interface__} | said
    answer = client.post("/api/v1/assets", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def make_label(client: TestClient, asset: dict[str, Any], **said: Any) -> dict[str, Any]:
    """Issue an asset's next label."""
    answer = client.post(f"/api/v1/assets/{asset['id']}/codes", json=said)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def labelled(client: TestClient, **said: Any) -> Labelled:
    """Register an asset and issue its first label."""
    asset = make_asset(client, **said)
    return Labelled(asset, make_label(client, asset))


def visit(code: str, **said: Any) -> dict[str, Any]:
    """Give the body of a visit in which all was normal, unless something else is said."""
    return {"id": str(uuid4()), "code": code, "outcome": "all_normal"} | said
