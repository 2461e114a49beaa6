"""Every sentence an error says has its Chinese, with the same places to fill."""

import ast
import re
from string import Formatter

from rescue_app.web.words import catalogue
from tests.architecture.sources import PROJECT, calls, name, product, tree

HAN = r"[\u3400-\u9fff]"
WESTERN_MARK = re.compile(rf"{HAN}[,;:?!(]|[,;:?!)]{HAN}|\([^()]*{HAN}")
"""A mark of half width beside a Chinese sign (GB/T 15834 wants the full one)."""

JOINED_BY_HALF = re.compile(r"(?:\}\}|%\}): \{\{|`[^`]*\}: \$\{(?!answer\.status)")
"""Words on a page joined by a colon of half width, whatever the language."""
WEB = PROJECT / "rescue_app" / "web"

ERRORS = frozenset({"Missing", "Conflict", "Forbidden", "Rejected", "Throttled", "Unavailable"})


def sentences():
    for path in product():
        for called, call in calls(path):
            first = call.args[0] if call.args else None
            if (
                called in ERRORS
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
            ):
                yield f"{name(path)}:{call.lineno}", first.value


def places(sentence):
    return {field for _, field, _, _ in Formatter().parse(sentence) if field}


def test_every_error_is_told_in_chinese():
    untold = [f"{where} {said}" for where, said in sentences() if said not in catalogue("zh")]
    assert not untold


def test_a_translation_fills_the_same_places():
    wrong = [
        f"{where} {said}"
        for where, said in sentences()
        if places(said) != places(catalogue("zh").get(said, said))
    ]
    assert not wrong


def test_chinese_has_chinese_marks():
    wrong = [told for told in catalogue("zh").values() if WESTERN_MARK.search(told)]
    assert not wrong


def filled():
    """Every sentence made in the code, a sign in the place of what it is filled with."""
    for path in product():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.JoinedStr):
                parts = (p.value if isinstance(p, ast.Constant) else "某" for p in node.values)
                yield f"{name(path)}:{node.lineno}", "".join(map(str, parts)), node


def is_chinese(node):
    said = "".join(str(p.value) for p in node.values if isinstance(p, ast.Constant))
    return re.search(HAN, said) and not re.search("[A-Za-z]", said)


def test_chinese_made_in_the_code_has_chinese_marks():
    wrong = [f"{where} {said}" for where, said, node in filled()
             if is_chinese(node) and re.search(rf"{HAN}[,;:?!]", said)]  # fmt: skip
    assert not wrong


def test_words_on_a_page_are_joined_by_their_own_colon():
    pages = [*WEB.rglob("templates/**/*.html"), *WEB.glob("static/js/*.js")]
    wrong = [name(path) for path in pages if JOINED_BY_HALF.search(path.read_text("utf-8"))]
    assert pages
    assert not wrong
