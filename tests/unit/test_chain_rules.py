"""From what happened to what comes next: order, sentences, bounds; no database."""

from pathlib import Path

import pytest
from shapely import Point

from gis.errors import Rejected
from rescue_app.chains import telling
from rescue_app.chains.rules import ByRoad, Met, Rain, Thing, amount_reached, follow, in_spans
from rescue_app.chains.table import Amount, read

SHIPPED = (Path(__file__).parents[2] / "data/chains/chains.yaml").read_text("utf-8")


def thing(key, kind, name=None, **more):
    return Thing(key, kind, name or key, "", "/1/", Point(0, 0), Point(0, 0), **more)


def looking(*found):
    """`looking((link, from, thing, metres), …)` stands for what lies where."""

    def look(link, sources):
        keys = {one.key for one in sources}
        for code, source, met, metres, *road in found:
            if code == link.code and source in keys:
                yield Met(source, met, metres, *road)

    return look


SLOPE, ROAD, VILLAGE = (
    thing("s", "slope", "后坡"),
    thing("r", "road", "沿江路"),
    thing("v", "cut_off"),
)


def test_the_shipped_table_can_be_read_and_every_link_says_its_source():
    table = read(SHIPPED)
    assert {link.source for link in table.links} <= {one.code for one in table.sources}
    assert table.of_hazard("landslide").code == "slope"


def test_a_slope_cuts_a_road_and_the_road_cuts_a_settlement_off():
    look = looking(("slope>road", "s", ROAD, 80), ("road>cut_off", "r", VILLAGE, 900))
    chain = follow(read(SHIPPED), [SLOPE], look)
    assert [(step.depth, step.thing.key) for step in chain.steps] == [(1, "r"), (2, "v")]
    assert chain.steps[0].why.zh == "后坡距沿江路 80 米，不超过 150 米。"
    assert "没有路网，按直线估计" in chain.steps[1].why.zh
    assert "no road graph" in chain.steps[1].why.en
    assert (chain.cut_depth, chain.cut_number) == (False, False)


def test_the_road_graph_says_cut_off_or_how_much_longer():
    other = thing("w", "cut_off", "下坝")
    look = looking(
        ("slope>road", "s", ROAD, 80),
        ("road>cut_off", "r", VILLAGE, 900, ByRoad(True, 8, None)),
        ("road>cut_off", "r", other, 1200, ByRoad(False, 8, 31)),
    )
    chain = follow(read(SHIPPED), [SLOPE], look)
    assert "再没有通往外界的路" in chain.steps[1].why.zh
    assert "车程由 8 分钟增至 31 分钟" in chain.steps[2].why.zh


def test_what_is_met_twice_is_told_once_from_the_nearest():
    near, far = thing("a", "slope"), thing("b", "slope")
    look = looking(("slope>road", "b", ROAD, 140), ("slope>road", "a", ROAD, 20))
    (step,) = follow(read(SHIPPED), [near, far], look).steps
    assert (step.source.key, step.distance_m) == ("a", 20)


def test_a_circle_ends_and_depth_and_number_are_cut_and_said():
    said = """
name: {zh: 圈, en: Circle}
day: 2026-01-01
sources: [{code: me, title: me, note: test}]
kinds: [{code: aa, name: {zh: 甲, en: A}}, {code: bb, name: {zh: 乙, en: B}}]
links:
  - {from: aa, to: bb, rule: near, within_m: 9, source: me,
     relation: {zh: 到, en: to}, why: {zh: 近, en: near}}
  - {from: bb, to: aa, rule: near, within_m: 9, source: me,
     relation: {zh: 到, en: to}, why: {zh: 近, en: near}}
"""
    table = read(said)
    first = thing("0", "aa")

    def circle(link, sources):
        return [Met(one.key, thing("0", link.to), 1) for one in sources]

    assert [step.link for step in follow(table, [first], circle).steps] == ["aa>bb"]

    def endless(link, sources):
        return [Met(one.key, thing(f"{int(one.key) + 1}", link.to), 1) for one in sources]

    deep = follow(table, [first], endless, most_depth=3)
    assert (len(deep.steps), deep.cut_depth, deep.cut_number) == (3, True, False)
    short = follow(table, [first], endless, most_steps=2)
    assert (len(short.steps), short.cut_depth, short.cut_number) == (2, False, True)
    many = [Met("0", thing(str(n), "bb", people=n), 1) for n in range(1, 6)]
    wide = follow(table, [first], lambda link, _: many if link.to == "bb" else (), most_a_link=2)
    assert ([step.thing.key for step in wide.steps], wide.cut_number) == (["5", "4"], True)
    just = follow(table, [first], circle, most_depth=1, most_steps=1)
    assert (just.cut_depth, just.cut_number) == (False, False)


@pytest.mark.parametrize(
    ("mm", "hours", "reached"),
    [
        (50, 3, 3),  # as it says
        (49, 3, None),
        (100, 12, 24),  # in 12 hours, so in 24 too
        (240, 12, 3),  # even if it fell evenly, 60 mm in three hours
        (30, 1, 1),
    ],
)
def test_rain_counts_only_where_it_is_sure(mm, hours, reached):
    amounts = [Amount(mm=30, hours=1), Amount(mm=50, hours=3), Amount(mm=100, hours=24)]
    found = amount_reached(amounts, Rain(mm, hours))
    assert (found and found.hours) == reached


def test_rain_below_the_threshold_sets_nothing_off_and_the_sentence_names_the_assumption():
    rain, look = thing("rain", "rain", "降雨"), looking(("rain>slope", "rain", SLOPE, 0))
    assert not follow(read(SHIPPED), [rain], look, rain=Rain(20, 3)).steps
    (step,) = follow(read(SHIPPED), [rain], look, rain=Rain(50, 3)).steps
    assert step.why.zh == "后坡在降雨范围内，50 mm / 3 h，达到假定阈值 50 mm / 3 h。"


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("within_m: 150", "within_km: 150", "within_km"),
        ("from: slope, to: road,", "from: slope, to: raod,", "raod"),
        ("rule: near, within_m: 50,", "rule: near,", "within_m"),
        ("{distance} 米", "{distance:9999} 米", "why"),
        ("{distance} 米", "{from.__class__} 米", "why"),
        ("kinds:", "kinds: [", "YAML"),
    ],
)
def test_a_slip_in_the_table_is_told_where_it_stands(wrong, right, said):
    assert wrong in SHIPPED or right
    broken = SHIPPED.replace(wrong, right, 1)
    with pytest.raises(Rejected) as reason:
        read(broken)
    assert said in str(reason.value)


def test_many_steps_of_one_person_are_written_short():
    assert in_spans([7, 1, 2, 3, 9, 10]) == "1–3, 7, 9–10"
    assert in_spans([]) == ""


def test_nobody_is_told_twice_and_what_has_no_owner_is_told_apart():
    leader = {"name": "马静", "phone": "1"}
    told = {}
    telling.add(told, leader | {"unit": "甲", "why": ""}, 1)
    telling.add(told, leader | {"unit": "乙", "why": "nobody_named"}, 2)
    telling.add(told, {"name": "", "phone": "2", "unit": "丙", "why": ""}, 3)
    first, second = told.values()
    assert (first["steps"], first["unowned"], first["why"]) == ([1, 2], [2], "nobody_named")
    assert (second["unit"], second["steps"], second["unowned"]) == ("丙", [3], [])
