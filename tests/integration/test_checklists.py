"""Checklists come from files into the tables and back out as rules."""

import shutil
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from gis.authority import Actor, Role
from gis.errors import Forbidden, Missing
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import RESIDENT, SYSTEM, Scope
from hazards.checklists import files, loader, publishing, repository, rules, service
from hazards.checklists.models import ChecklistItem, ChecklistTemplate
from rescue_app.settings import PROJECT
from tests.world import CITY, GAOSUNTANG, SHUANGJIANG, WANZHOU

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
        checklist = repository.for_subject(session, "asset:underpass", area_path=WANZHOU)
    assert [item.code for item in checklist.items][:2] == ["water_depth", "pump"]
    assert checklist.item("water_depth").bad_above == 25
    assert checklist.item("pump").bad_answer is False


def at(sessions, area_path, role):
    who = Actor(new_id(), "万规划", role, area_path)
    return who, unit_of_work(sessions, Scope.of(who))


def depth_in(sessions, area_path):
    with unit_of_work(sessions, RESIDENT) as session:
        found = repository.for_subject(session, "asset:underpass", area_path=area_path)
        return found.item("water_depth")


def set_depth(sessions, area_path, role, value):
    who, work = at(sessions, area_path, role)
    with work as session:
        code = "underpass_close_depth_cm"
        service.set_figure(session, code, value=value, by=who, now=datetime.now(UTC))


def test_the_nearest_areas_own_figure_holds_and_stays_when_files_are_loaded_again(sessions, loaded):
    set_depth(sessions, CITY, Role.CITY_COMMANDER, 30)
    set_depth(sessions, WANZHOU, Role.PLANNER, 20)
    with unit_of_work(sessions, SYSTEM) as session:
        loader.load(session, SHIPPED)
    assert depth_in(sessions, GAOSUNTANG).bad_above == 20
    assert rules.judge(depth_in(sessions, SHUANGJIANG), 28).bad is False
    assert rules.judge(depth_in(sessions, SHUANGJIANG), 31).bad is True
    set_depth(sessions, WANZHOU, Role.PLANNER, None)
    assert depth_in(sessions, GAOSUNTANG).bad_above == 30


def test_a_patrol_sets_no_figure_and_a_district_publishes_no_list(sessions, loaded):
    with pytest.raises(Forbidden):
        set_depth(sessions, GAOSUNTANG, Role.PATROL, 99)
    who, work = at(sessions, WANZHOU, Role.PLANNER)
    bridge = next(one for one in files.templates(SHIPPED) if one.code == "bridge_patrol")
    with work as session, pytest.raises(Forbidden):
        service.publish(session, bridge, seen_version=1, by=who)


def test_not_even_by_hand_does_a_district_change_a_list_or_anothers_figure(sessions, loaded):
    _, work = at(sessions, WANZHOU, Role.PLANNER)
    with work as session:
        changed = session.execute(text("UPDATE checklist_template SET retired = true"))
        assert changed.rowcount == 0
        wrong = "INSERT INTO threshold_own VALUES ('ice_mm', :path, 1, now(), 'x')"
        with pytest.raises(ProgrammingError, match="row-level"), session.begin_nested():
            session.execute(text(wrong), {"path": CITY})


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
        now = repository.for_subject(session, "asset:bridge", area_path=WANZHOU)
        before = repository.of_version(session, "bridge_patrol", 1, area_path=WANZHOU)
        untouched = repository.for_subject(session, "asset:tunnel", area_path=WANZHOU)
    assert (now.version, untouched.version) == (2, 1)
    assert "photo" not in [item.code for item in now.items]
    assert before.item("photo").text_zh == "桥面与桥下照片"


def test_a_template_that_left_the_files_is_retired_and_back_again_as_it_was(
    sessions, loaded, folder
):
    kept = (folder / "bridge.yaml").read_text("utf-8")
    (folder / "bridge.yaml").unlink()
    with unit_of_work(sessions, SYSTEM) as session:
        loader.load(session, folder)
        with pytest.raises(Missing, match="asset:bridge"):
            repository.for_subject(session, "asset:bridge", area_path=WANZHOU)
        (folder / "bridge.yaml").write_text(kept, "utf-8")
        loader.load(session, folder)
        assert repository.for_subject(session, "asset:bridge", area_path=WANZHOU).version == 1


def test_a_citys_own_version_stays_in_force_when_the_files_change(sessions, loaded, folder):
    own = next(one for one in files.templates(SHIPPED) if one.code == "bridge_patrol")
    own = own.model_copy(update={"items": own.items[:3]})
    with unit_of_work(sessions, SYSTEM) as session:
        assert publishing.publish(session, own, by_name="陈规划") == 2
        assert publishing.publish(session, own, by_name="陈规划") == 2
        cut_photo(folder)
        loader.load(session, folder)
        loader.load(session, folder)
        assert repository.for_subject(session, "asset:bridge", area_path=WANZHOU).version == 2
        shipped = repository.of_version(session, "bridge_patrol", 3, area_path=WANZHOU)
    assert "photo" not in [item.code for item in shipped.items]


def test_a_kind_without_checklist_is_told(sessions, loaded):
    with unit_of_work(sessions, RESIDENT) as session, pytest.raises(Missing, match="asset:moon"):
        repository.for_subject(session, "asset:moon", area_path=WANZHOU)
