"""Every word of a page stands in the Chinese catalogue, once and the same."""

import re

import pytest
from babel.messages.pofile import read_po

from rescue_app.web import words
from rescue_app.web.render import TEMPLATES, templates

SAID = re.compile(r"""\b_\(\s*(?:"((?:[^"\\]|\\.)+)"|'((?:[^'\\]|\\.)+)')""")
COUNTED = re.compile(r'\bngettext\(\s*"((?:[^"\\]|\\.)+)",\s*"((?:[^"\\]|\\.)+)"')
PLACES = re.compile(r"\{(\w+)\}")
CATALOGUES = sorted((words.TRANSLATIONS / "zh").glob("*.po"))


def messages(path):
    with path.open("rb") as file:
        return [m for m in read_po(file, locale="zh") if m.id]


@pytest.mark.parametrize("name", [n for n in templates().list_templates() if n.endswith(".html")])
def test_every_word_of_a_template_has_its_chinese(name):
    # The head of a macro file shows how to use it; that is no word of a page.
    text = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(), flags=re.DOTALL)
    said = {a or b for a, b in SAID.findall(text)} | {many for _, many in COUNTED.findall(text)}
    assert sorted(said - words.catalogue("zh").keys()) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.stem)
def test_a_translation_keeps_the_places_of_its_message(path):
    for message in messages(path):
        assert sorted(PLACES.findall(message.id)) == sorted(PLACES.findall(message.string)), (
            message.id
        )


def test_one_message_is_said_one_way():
    said: dict[str, dict[str, str]] = {}
    for path in CATALOGUES:
        for message in messages(path):
            said.setdefault(message.id, {})[path.stem] = message.string
    assert {k: v for k, v in said.items() if len(set(v.values())) > 1} == {}


def test_one_is_not_said_like_many_in_english_alone():
    crews = "{count} crew answered", "{answered} of {count} crews answered"
    assert words.ngettext("en", *crews, 1, answered=1) == "1 crew answered"
    assert words.ngettext("en", *crews, 1200, answered=1) == "1 of 1,200 crews answered"
    assert words.ngettext("zh", *crews, 1, answered=1) == "1 支队伍中 1 支已应答"
