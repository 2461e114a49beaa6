"""The checklists we ship are whole, and a slip in a file is told with its place."""

from collections import Counter
from itertools import product

import pytest
import yaml

from gis.errors import Rejected
from hazards.checklists import files
from hazards.checklists.rules import Mode
from hazards.points.rules import Category
from rescue_app.settings import PROJECT

SHIPPED = PROJECT / "data/checklists"
GOOD = """
code: a_patrol
applies_to: [asset:bridge]
name: {zh: 甲, en: A}
items:
  - {code: crack, kind: yes_no, text: {zh: 裂缝, en: Crack}, bad: true}
"""


def words(name):
    return [one["code"] for one in yaml.safe_load((PROJECT / name).read_text("utf-8"))]


def of_assets():
    return [one for one in files.templates(SHIPPED) if one.applies_to[0].startswith("asset:")]


def test_every_kind_of_asset_has_one_list_in_every_mode():
    lists = Counter((subject, one.mode) for one in of_assets() for subject in one.applies_to)
    kinds = [f"asset:{kind}" for kind in words("data/assets/types.yaml")]
    assert lists == dict.fromkeys(product(kinds, Mode), 1)


def test_the_lists_of_one_kind_of_asset_ask_the_same_by_the_same_code():
    asked: dict[tuple[str, str], object] = {}
    for one in of_assets():
        for item in one.items:
            assert asked.setdefault((one.applies_to[0], item.code), item) == item


def test_in_an_emergency_what_is_gravest_is_asked_first():
    for one in of_assets():
        if one.mode != "peace":
            assert {item.grade for item in one.items[:2]} == {1}, one.code


def test_every_point_has_one_list_in_every_mode_and_season_and_more_in_war():
    types, templates = words("data/hazard_types.yaml"), list(files.templates(SHIPPED))
    lists = Counter()
    for template in templates:
        assert set(template.hazard_types) <= set(types)
        seasons = [template.season] if template.season != "all" else ["flood", "dry"]
        lists.update(product(template.applies_to, template.hazard_types, [template.mode], seasons))
    wanted = product((f"point:{one}" for one in Category), types, Mode, ["flood", "dry"])
    assert lists == dict.fromkeys(wanted, 1)
    whatever = {one.code for one in templates if not one.hazard_types and one.mode == "war"}
    assert whatever - {one.code for one in of_assets()} == {"evacuation", "return_guard"}


def test_landslides_are_walked_twice_a_week_in_flood_season_and_watched_by_the_hour_in_war():
    rhythms = {
        (one.mode, one.season): one.rhythm
        for one in files.templates(SHIPPED)
        if {"point:hidden_danger"} <= set(one.applies_to) and "landslide" in one.hazard_types
    }
    assert rhythms == {
        ("peace", "flood"): "twice_weekly",
        ("peace", "dry"): "monthly",
        ("urgent", "all"): "around_rain",
        ("war", "all"): "hourly",
    }


def test_every_shared_item_is_asked_somewhere():
    used = {item.code for template in files.templates(SHIPPED) for item in template.items}
    assert files.library(SHIPPED).keys() <= used


def test_every_threshold_is_used_and_every_stop_item_is_of_the_worst_grade():
    items = [item for template in files.templates(SHIPPED) for item in template.items]
    limits = {limit for item in items for limit in (item.above, item.below)}
    used = {limit for limit in limits if isinstance(limit, str)}
    elsewhere = {"flood_first_month", "flood_last_month", "label_moved_m"}
    assert used | elsewhere == {figure.code for figure in files.thresholds(SHIPPED)}
    assert {item.grade for item in items if item.stop} == {1}


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("kind: yes_no", "kind: yesno", "items → 0 → kind"),
        (", bad: true", "", "yes_no needs"),
        ("asset:bridge", "bridge", "applies_to"),
        ("code: crack", "code: Crack!", "items → 0 → code"),
        ("items:", "itmes:", "items"),
        ("items:", "mode: battle\nitems:", "mode"),
        ("items:", "rhythm: sometimes\nitems:", "rhythm"),
        ("items:", "role: king\nitems:", "role"),
        ("items:", "window_hours: 0\nitems:", "window_hours"),
        ("{zh: 甲, en: A}", "{zh: 甲", "cannot be read"),
    ],
)
def test_a_slip_in_a_file_is_told_with_its_place(tmp_path, wrong, right, told):
    (tmp_path / "a.yaml").write_text(GOOD.replace(wrong, right), encoding="utf-8")
    with pytest.raises(Rejected, match=told) as caught:
        list(files.templates(tmp_path))
    assert "a.yaml" in str(caught.value)


def test_a_list_names_an_item_that_was_written_above_it_before_a_shared_one(tmp_path):
    shared = "- {code: crack, kind: yes_no, text: {zh: 缝, en: Split}, bad: true}"
    (tmp_path / "items.yaml").write_text(shared, encoding="utf-8")
    below = "code: b_patrol\napplies_to: [asset:bridge]\nname: {zh: 乙, en: B}\nitems: [crack]"
    both = "".join("\n- " + one.strip().replace("\n", "\n  ") for one in (GOOD, below))
    (tmp_path / "a.yaml").write_text(both, encoding="utf-8")
    first, second = files.templates(tmp_path)
    assert second.items == first.items
    assert second.items[0].text.en == "Crack"


def test_a_template_names_a_shared_item_and_a_name_nobody_knows_is_a_slip(tmp_path):
    shared = (
        "- {code: crack, kind: yes_no, text: {zh: 裂缝, en: Crack}, bad: true, question: opening}"
    )
    (tmp_path / "items.yaml").write_text(shared, encoding="utf-8")
    head = GOOD.split("items:", maxsplit=1)[0]
    (tmp_path / "a.yaml").write_text(f"{head}items: [crack]", encoding="utf-8")
    assert next(files.templates(tmp_path)).items[0].question == "opening"
    (tmp_path / "a.yaml").write_text(f"{head}items: [crack, crakc]", encoding="utf-8")
    with pytest.raises(Rejected, match="items → 1"):
        list(files.templates(tmp_path))
