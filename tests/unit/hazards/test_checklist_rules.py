"""An answer is allowed or refused, good or bad, the same everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Rejected
from hazards.checklists import rules
from hazards.checklists.rules import Choice, Item, Kind

CRACK = Item("crack", Kind.YES_NO, "有裂缝", "Cracks", grade=2, bad_answer=True)
PUMP = Item("pump", Kind.YES_NO, "水泵正常", "Pump runs", grade=1, bad_answer=False)
DEPTH = Item(
    "depth", Kind.NUMBER, "水深", "Depth", grade=1, unit="cm", minimum=0, maximum=600, bad_above=25
)
COVER = Item(
    "cover", Kind.CHOICE, "井盖", "Cover", grade=1,
    choices=(Choice("sound", "完好", "Sound"), Choice("missing", "缺失", "Missing", bad=True)),
)  # fmt: skip
REMARK = Item("remark", Kind.TEXT, "其他", "Else")
ALL = (CRACK, PUMP, DEPTH, COVER, REMARK)


@pytest.mark.parametrize(
    ("item", "raw", "value", "bad"),
    [
        (CRACK, "yes", True, True),
        (CRACK, "no", False, False),
        (CRACK, True, True, True),
        (PUMP, "no", False, True),
        (PUMP, "是", True, False),
        (DEPTH, "25", 25, False),
        (DEPTH, "25.1", 25.1, True),
        (DEPTH, "２６", 26, True),
        (DEPTH, " 3,5 ", 3.5, False),
        (DEPTH, 600, 600, True),
        (COVER, "sound", "sound", False),
        (COVER, "missing", "missing", True),
        (REMARK, "  路灯不亮\r\n\x00 ", "路灯不亮", False),
    ],
)
def test_an_answer_is_judged(item, raw, value, bad):
    judged = rules.judge(item, raw)
    assert (judged.value, judged.bad) == (value, bad)


@pytest.mark.parametrize("raw", [None, "", "   ", "\n"])
@pytest.mark.parametrize("item", ALL, ids=lambda item: item.kind)
def test_an_empty_answer_means_not_looked_at(item, raw):
    assert rules.judge(item, raw) is None


@pytest.mark.parametrize(
    ("item", "raw", "match"),
    [
        (CRACK, "maybe", "yes or no"),
        (DEPTH, "deep", "needs a number"),
        (DEPTH, "nan", "needs a number"),
        (DEPTH, "1e999", "needs a number"),
        (DEPTH, True, "needs a number"),
        (DEPTH, "-1", "Measure again"),
        (DEPTH, "601", "0 to 600 is not"),
        (COVER, "stolen", "no answer"),
        (REMARK, "长" * 10_000, "10000 signs, at most 2000"),
    ],
)
def test_a_senseless_answer_is_refused_with_the_reason(item, raw, match):
    with pytest.raises(Rejected, match=match):
        rules.judge(item, raw)


def test_an_item_of_another_list_is_refused_by_name():
    with pytest.raises(Rejected, match="bearing"):
        rules.judge_all(ALL, {"crack": "no", "bearing": "no"})


def test_answers_come_back_in_the_order_of_the_list():
    judged = rules.judge_all(ALL, {"cover": "missing", "depth": "", "crack": "yes"})
    assert [(one.item.code, one.bad) for one in judged] == [("crack", True), ("cover", True)]


@given(st.text(max_size=60))
def test_no_text_breaks_a_number(text):
    try:
        judged = rules.judge(DEPTH, text)
    except Rejected:
        return
    assert judged is None or 0 <= judged.value <= 600
