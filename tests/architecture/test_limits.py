"""How large a piece may grow. Long tails are where other code bases became unreadable."""

import ast

from tests.architecture.sources import (
    body_lines,
    functions,
    is_route,
    name,
    product,
    text,
    tree,
    trials,
)

FILE_LINES, TEST_FILE_LINES, FUNCTION_LINES, ROUTE_LINES, IMPORTS = 300, 400, 40, 8, 20


def too_long(paths, limit):
    lengths = {name(path): text(path).count("\n") for path in paths}
    return {path: lines for path, lines in lengths.items() if lines > limit}


def test_no_file_is_longer_than_300_lines():
    assert not too_long(product(), FILE_LINES)


def test_no_test_file_is_longer_than_400_lines():
    assert not too_long(trials(), TEST_FILE_LINES)


def test_no_function_is_longer_than_40_lines():
    long = {
        f"{name(path)}:{function.lineno} {function.name}": lines
        for path in product()
        for function in functions(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }
    assert not long


def test_no_route_has_a_body_longer_than_8_lines():
    long = {
        f"{name(path)}:{function.lineno} {function.name}": body_lines(function)
        for path in product()
        for function in functions(path)
        if is_route(function) and body_lines(function) > ROUTE_LINES
    }
    assert not long


def test_no_file_needs_more_than_20_imports():
    many = {
        name(path): count
        for path in product()
        if (count := sum(isinstance(n, ast.Import | ast.ImportFrom) for n in tree(path).body))
        > IMPORTS
    }
    assert not many
