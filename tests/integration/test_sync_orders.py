"""A day's sends in any order, any number of times, come to what a simple model says."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.authority import Role
from tests.integration.files.ugly import jpeg
from tests.patrols import labelled, load_reference, visit
from tests.world import GAOSUNTANG

URL = "/api/v1/inspections"
TAKEN = "2026-06-01T08:00:00Z"
NORMAL = {"outcome": "all_normal"}
JOINTS = {"outcome": "problem", "answers": {"joints": "yes"}}
# One visit; one that came again with other answers; one with two photos, of which one is in both
# versions; one more that sees the same defect.
SENDS = (
    ("visit", "a", NORMAL, ()),
    ("visit", "b", NORMAL, ()),
    ("visit", "b", JOINTS, ()),
    ("visit", "c", JOINTS, ("p",)),
    ("visit", "c", JOINTS | {"note": "又看了一遍"}, ("p", "q")),
    ("visit", "d", JOINTS, ()),
    ("photo", "p"),
    ("photo", "q"),
    ("photo", "r"),
)
days = st.lists(st.sampled_from(SENDS), min_size=1, max_size=16)
streets = count(1)


@dataclass
class Model:
    """What a phone said and the server has to know, whatever the order was."""

    versions: dict[str, list[str]] = field(default_factory=dict)
    promised: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    bad: int = 0

    def take(self, send):
        if send[0] == "photo":
            self.sent.add(send[1])
            return
        _, number, said, photos = send
        known = self.versions.setdefault(number, [])
        if str(said) not in known:
            known.append(str(said))
            self.promised |= set(photos)
            self.bad += said["outcome"] == "problem"


@pytest.fixture
def patrol(client, sign_in, sessions, world):
    load_reference(sessions)
    return sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG, "高书记")


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(day=days)
def test_any_order_and_any_number_of_sends_come_to_the_same(client, patrol, day):
    bridge = labelled(client, name=f"{next(streets)}号桥")
    ids = {name: str(uuid4()) for name in "abcdpqr"}
    model = Model()
    kept, conflicts = {}, set()
    for send in day:
        model.take(send)
        if send[0] == "photo":
            there = f"/api/v1/photos/{ids[send[1]]}"
            answer = client.put(there, content=PICTURE, params={"name": "p.jpg"})
            assert answer.status_code == 200, answer.text
            continue
        _, number, said, photos = send
        taken = [{"id": ids[one], "taken_at": TAKEN} for one in photos]
        body = visit(bridge.code) | said | {"id": ids[number], "photos": taken}
        answer = client.post(URL, json=body)
        assert answer.status_code in {200, 201}, answer.text
        told = answer.json()
        kept[number, str(said)] = told
        conflicts |= {told["conflict"]} - {None}
    agree(client, bridge, model, ids, kept, conflicts)


PICTURE = jpeg()


def agree(client, bridge, model, ids, kept, conflicts):
    """Hold what the server knows against the model."""
    for number, versions in model.versions.items():
        first = client.get(f"{URL}/{ids[number]}").json()
        assert kept[number, versions[0]]["id"] == first["id"] == ids[number]
        assert len({kept[number, one]["id"] for one in versions}) == len(versions)
    contested = [versions for versions in model.versions.values() if len(versions) > 1]
    assert len(conflicts) == sum(len(versions) - 1 for versions in contested)
    found = client.get("/api/v1/findings", params={"asset": bridge.asset["id"]}).json()["items"]
    mine = [one for one in found if one["asset_id"] == bridge.asset["id"]]
    assert [one["times_seen"] for one in mine] == ([model.bad] if model.bad else [])
    shown = {one["id"]: client.get(f"{URL}/{one['id']}").json() for one in kept.values()}
    photos = Counter(
        (photo["id"], photo["received_at"] is not None)
        for one in shown.values()
        for photo in one["photos"]
    )
    expected = {(ids[one], one in model.sent) for one in model.promised}
    assert set(photos) == expected
    assert set(photos.values()) <= {1}
