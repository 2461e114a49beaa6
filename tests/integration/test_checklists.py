"""Checklists come from files into the tables and back out as rules."""

import pytest

from gis.errors import Missing
from gis.store.engine import unit_of_work
from gis.store.scope import RESIDENT, SYSTEM
from hazards.checklists import loader, repository, rules
from hazards.checklists.models import ChecklistItem, Threshold
from rescue_app.settings import PROJECT

SHIPPED = PROJECT / "data/checklists"


@pytest.fixture
def loaded(sessions):
    with unit_of_work(sessions, SYSTEM) as session:
        return loader.load(session, SHIPPED)


def test_loading_twice_changes_nothing(sessions, loaded):
    with unit_of_work(sessions, SYSTEM) as session:
        assert loader.load(session, SHIPPED) == loaded
        assert session.query(ChecklistItem).count() == loaded.items
        assert session.query(ChecklistItem).filter_by(retired=True).count() == 0


def test_anyone_gets_the_items_in_their_order_with_the_thresholds_in_force(sessions, loaded):
    with unit_of_work(sessions, RESIDENT) as session:
        checklist = repository.for_subject(session, "asset:underpass")
    assert [item.code for item in checklist.items][:2] == ["water_depth", "pump"]
    assert checklist.item("water_depth").bad_above == 25
    assert checklist.item("pump").bad_answer is False


def test_a_city_that_closes_at_thirty_keeps_its_figure_when_files_are_loaded_again(
    sessions, loaded
):
    with unit_of_work(sessions, SYSTEM) as session:
        session.get_one(Threshold, "underpass_close_depth_cm").own_value = 30
    with unit_of_work(sessions, SYSTEM) as session:
        loader.load(session, SHIPPED)
    with unit_of_work(sessions, RESIDENT) as session:
        depth = repository.for_subject(session, "asset:underpass").item("water_depth")
    assert rules.judge(depth, 28).bad is False
    assert rules.judge(depth, 31).bad is True


def test_an_item_that_left_the_file_is_retired_and_not_asked_again(sessions, loaded, tmp_path):
    for path in SHIPPED.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / "bridge.yaml").read_text("utf-8").split("  - code: photo")[0]
    (tmp_path / "bridge.yaml").write_text(text, "utf-8")
    with unit_of_work(sessions, SYSTEM) as session:
        loader.load(session, tmp_path)
        codes = [item.code for item in repository.for_subject(session, "asset:bridge").items]
        kept = session.get_one(ChecklistItem, ("bridge_patrol", "photo"))
    assert "photo" not in codes
    assert kept.retired


def test_a_kind_without_checklist_is_told(sessions, loaded):
    with unit_of_work(sessions, RESIDENT) as session, pytest.raises(Missing, match="asset:moon"):
        repository.for_subject(session, "asset:moon")
