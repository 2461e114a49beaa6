"""Measure cards at the desk: chosen by kind, hazard and mode, changed in editions, exchanged."""

import re

import pytest

from tests.patrols import labelled

pytestmark = pytest.mark.usefixtures("world")
PAGE = {"accept": "text/html"}


def see(street, path, who="", **asked):
    if who:
        street.sign_in(who)
    return street.client.get(path, params=asked, headers=PAGE)


def titles(page):
    return re.findall(
        r"<header><h2>([^<]+)</h2><a|<header><h2>([^<]+)</h2></header><div", page.text
    )


def test_cards_are_chosen_by_kind_hazard_and_mode(street):
    everything = see(street, "/measures", "patrol")
    assert "涨水冲刷桥墩" in everything.text
    assert "/measures/cards/" not in everything.text  # only the city writes cards
    tunnels = see(street, "/measures", asset="tunnel", mode="war")
    assert "隧道起火" in tunnels.text
    assert "涨水冲刷桥墩" not in tunnels.text
    assert "没有符合条件的处置卡" in see(street, "/measures", asset="gate", mode="peace",
                                     hazard="no_such").text  # fmt: skip
    assert "Measure cards" in see(street, "/measures", lang="en").text


def card_form(page):
    """Read the form of a card as a browser would send it."""
    form = dict(
        re.findall(
            r'<input class="input" id="[^"]+" name="([^"]+)" type="text" value="([^"]*)"', page
        )
    )
    form["seen"] = re.search(r'name="seen" value="(\d+)"', page)[1]
    form["asset"] = re.findall(r'name="asset" value="(\w+)" checked', page)
    form["mode"] = re.findall(r'name="mode" value="(\w+)" checked', page)
    form |= dict(
        re.findall(r'<textarea class="input" id="[^"]+" name="([^"]+)"[^>]*>([^<]*)<', page)
    )
    for name, options in re.findall(
        r'<select class="input" id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'value="(\w+)" selected', options) or re.search(
            r'value="(\w+)"', options
        )
        form[name] = chosen[1]
    return form


def test_the_city_changes_a_card_and_the_scan_says_so_at_once(street):
    bridge = labelled(street.sign_in("street"))
    assert see(street, "/measures/cards/new", "planner").status_code == 403  # a district's
    listed = see(street, "/measures", "city", asset="bridge").text
    code = re.search(r"/measures/cards/(?!new)(\w+)", listed)[1]
    form = card_form(see(street, f"/measures/cards/{code}").text)
    form |= {"zh": "桥上结冰", "mode": ["peace", "urgent", "war"], "zh.0": "撒盐"}
    sent = street.client.post(f"/measures/cards/{code}", data=form, headers=PAGE)
    assert sent.status_code == 303, sent.text
    late = street.client.post(f"/measures/cards/{code}", data=form | {"zh.0": "别的"}, headers=PAGE)
    assert late.status_code == 422
    assert "陈市长 发布了第 2 版" in late.text
    page = see(street, "/measures").text
    assert "第 2 版" in page
    assert "桥上结冰" in see(street, f"/c/{bridge.code}", "patrol").text
    street.sign_in("city")
    assert street.client.post("/measures/editions/1", headers=PAGE).status_code == 303
    assert "桥上结冰" not in see(street, f"/c/{bridge.code}").text


def test_a_card_that_does_not_fit_comes_back_with_the_reason(street):
    form = card_form(see(street, "/measures/cards/new", "city").text)
    sent = street.client.post("/measures/cards/new", data=form | {"zh": "新卡"}, headers=PAGE)
    assert sent.status_code == 422
    assert 'value="新卡"' in sent.text
    assert 'role="alert"' in sent.text
    form |= {"zh": "新卡", "en": "New", "asset": ["bridge"], "zh.0": "先看", "en.0": "Look first"}
    assert street.client.post("/measures/cards/new", data=form, headers=PAGE).status_code == 303
    assert "新卡" in see(street, "/measures").text


def test_the_export_comes_in_again_with_what_was_changed(street):
    said = see(street, "/measures/editions/1.yaml", "city").text
    same = street.client.post("/measures/import", files={"file": ("c.yaml", said)}, headers=PAGE)
    assert "没有新内容" in same.text
    other = said.replace("涨水冲刷桥墩", "洪水冲刷桥墩")
    tried = street.client.post("/measures/import", files={"file": ("c.yaml", other)}, headers=PAGE)
    assert "让这些卡生效" in tried.text
    done = street.client.post("/measures/import/apply", data={"said": other}, headers=PAGE)
    assert done.status_code == 303
    assert "洪水冲刷桥墩" in see(street, "/measures").text
    broken = said.replace("hazard:", "hazzard:", 1)
    slips = street.client.post("/measures/import", files={"file": ("c.yaml", broken)}, headers=PAGE)
    assert slips.status_code == 422
    assert "什么都没有写入" in slips.text
