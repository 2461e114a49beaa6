"""Colours are content: every one that carries words can be read (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

from rescue_app.settings import PROJECT

CSS = PROJECT / "rescue_app/web/static/css"
TOKENS = (CSS / "tokens.css").read_text()
WARNINGS = ("red", "orange", "yellow", "blue")
TEXT_RATIO = 4.5
PART_RATIO = 3.0


def block(selector: str) -> dict[str, str]:
    found = re.search(re.escape(selector) + r"\s*\{(.*?)\n\s*\}", TOKENS, re.DOTALL)
    assert found, selector
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", found[1]))


LIGHT = block(":root")
DARK = LIGHT | block(':root[data-theme="dark"]')
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@THEMES
@pytest.mark.parametrize("name", WARNINGS)
def test_the_word_on_a_warning_can_be_read(theme, name):
    assert contrast(theme[name], theme[f"on-{name}"]) >= TEXT_RATIO


@THEMES
@pytest.mark.parametrize("ground", ["surface", "ground", "raised"])
@pytest.mark.parametrize("name", ["red-text", "orange-text", "text", "muted", "ink", "ink-strong"])
def test_words_can_be_read_on_every_ground(theme, name, ground):
    assert contrast(theme[name], theme[ground]) >= TEXT_RATIO


@THEMES
def test_words_can_be_read_on_ink_and_its_wash(theme):
    assert contrast(theme["ink"], theme["on-ink"]) >= TEXT_RATIO
    assert contrast(theme["ink-strong"], theme["on-ink"]) >= TEXT_RATIO
    assert contrast(theme["text"], theme["ink-wash"]) >= TEXT_RATIO
    assert contrast(theme["muted"], theme["ink-wash"]) >= TEXT_RATIO


@THEMES
@pytest.mark.parametrize("name", ["edge", "focus"])
def test_the_edge_of_what_one_can_act_on_can_be_seen(theme, name):
    assert contrast(theme[name], theme["surface"]) >= PART_RATIO


@THEMES
def test_map_labels_can_be_read_on_every_ground_of_the_map(theme):
    for ground in ("map-land", "map-dim", "map-outside"):
        assert contrast(theme["map-label"], theme[ground]) >= TEXT_RATIO


def test_the_system_s_dark_is_the_chosen_dark():
    assert block(':root:not([data-theme="light"])') == block(':root[data-theme="dark"]')


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda p: p.name)
def test_no_sheet_brings_a_colour_of_its_own(sheet: Path):
    if sheet.name == "tokens.css":
        return
    printed = re.sub(r"@media print \{.*?\n\}", "", sheet.read_text(), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", printed) == []
