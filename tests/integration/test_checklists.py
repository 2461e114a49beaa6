"""Checklists come from files into the tables and back out as rules."""

import shutil

import pytest

from gis.errors import Missing
from gis.store.engine import unit_of_work
from gis.store.scope import RESIDENT, SYSTEM
from hazards.checklists import files, loader, publishing, repository, rules
from hazards.checklists.models import ChecklistItem, ChecklistTemplate, Threshold
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
        assert session.query(ChecklistTemplate).filter_by(retired=True).count() == 0


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


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "checklists")
    return tmp_path / "checklists"


def cut_photo(folder):
    path = folder / "bridge.yaml"
    path.write_text(path.read_text("utf-8").split("  - code: photo")[0], "utf-8")


def test_an_item_that_left_the_file_is_not_asked_again_and_stays_in_its_version(
    sessions, loaded, folder
):
    cut_photo(folder)
    with unit_of_work(sessions, SYSTEM) as session:
        loader.load(session, folder)
        now = repository.for_subject(session, "asset:bridge")
        before = repository.of_version(session, "bridge_patrol", 1)
        untouched = repository.for_subject(session, "asset:tunnel")
    assert (now.version, untouched.version) == (2, 1)
    assert "photo" not in [item.code for item in now.items]
    assert before.item("photo").text_zh == "桥面与桥下照片"


def test_a_template_that_left_the_files_is_retired_and_back_again_as_it_was(
    sessions, loaded, folder
):
    text = (folder / "bridge.yaml").read_text("utf-8")
    (folder / "bridge.yaml").unlink()
    with unit_of_work(sessions, SYSTEM) as session:
        loader.load(session, folder)
        with pytest.raises(Missing, match="asset:bridge"):
            repository.for_subject(session, "asset:bridge")
        (folder / "bridge.yaml").write_text(text, "utf-8")
        loader.load(session, folder)
        assert repository.for_subject(session, "asset:bridge").version == 1


def test_a_citys_own_version_stays_in_force_when_the_files_change(sessions, loaded, folder):
    own = next(one for one in files.templates(SHIPPED) if one.code == "bridge_patrol")
    own = own.model_copy(update={"items": own.items[:3]})
    with unit_of_work(sessions, SYSTEM) as session:
        assert publishing.publish(session, own, by_name="陈规划") == 2
        assert publishing.publish(session, own, by_name="陈规划") == 2
        cut_photo(folder)
        loader.load(session, folder)
        loader.load(session, folder)
        assert repository.for_subject(session, "asset:bridge").version == 2
        shipped = repository.of_version(session, "bridge_patrol", 3)
    assert "photo" not in [item.code for item in shipped.items]


def test_a_kind_without_checklist_is_told(sessions, loaded):
    with unit_of_work(sessions, RESIDENT) as session, pytest.raises(Missing, match="asset:moon"):
        repository.for_subject(session, "asset:moon")
