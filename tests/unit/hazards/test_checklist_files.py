"""The checklists we ship are whole, and a slip in a file is told with its place."""

import pytest

from gis.errors import Rejected
from hazards.checklists import files
from rescue_app.settings import PROJECT

SHIPPED = PROJECT / "data/checklists"
GOOD = """
code: a_patrol
applies_to: [asset:bridge]
name: {zh: 甲, en: A}
items:
  - {code: crack, kind: yes_no, text: {zh: 裂缝, en: Crack}, bad: true}
"""


def test_every_asset_type_and_point_category_has_exactly_one_checklist():
    import yaml

    wanted = [
        f"asset:{kind['code']}"
        for kind in yaml.safe_load((PROJECT / "data/assets/types.yaml").read_text("utf-8"))
    ]
    wanted += [f"point:{one}" for one in ("occurrence", "hidden_danger", "prevention", "critical")]
    found = [subject for template in files.templates(SHIPPED) for subject in template.applies_to]
    assert sorted(found) == sorted(wanted)


def test_every_threshold_is_used_and_every_stop_item_is_of_the_worst_grade():
    items = [item for template in files.templates(SHIPPED) for item in template.items]
    used = {limit for item in items for limit in (item.above, item.below)} - {None}
    assert used == {figure.code for figure in files.thresholds(SHIPPED)}
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
