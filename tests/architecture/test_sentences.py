"""Every sentence an error says has its Chinese, with the same places to fill."""

import ast
import re
from string import Formatter

from rescue_app.web.words import catalogue
from tests.architecture.sources import calls, name, product

HAN = r"[\u3400-\u9fff]"
WESTERN_MARK = re.compile(rf"{HAN}[,;:?!(]|[,;:?!)]{HAN}|\([^()]*{HAN}")
"""A mark of half width beside a Chinese sign (GB/T 15834 wants the full one)."""

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
