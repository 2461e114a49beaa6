"""Our own code as these tests read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FLOORS = ("gis", "hazards", "qr_codes", "rescue_app")
VERBS = frozenset({"get", "post", "put", "patch", "delete", "api_route", "head", "options"})


def product() -> list[Path]:
    return sorted(path for floor in FLOORS for path in (PROJECT / floor).rglob("*.py"))


def trials() -> list[Path]:
    return sorted((PROJECT / "tests").rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_route(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    calls = (d.func for d in function.decorator_list if isinstance(d, ast.Call))
    return any(
        isinstance(call, ast.Attribute)
        and call.attr in VERBS
        and isinstance(call.value, ast.Name)
        and call.value.id.endswith("router")
        for call in calls
    )


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring left out."""
    statements = function.body
    if ast.get_docstring(function) is not None:
        statements = statements[1:]
    if not statements:
        return 0
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of the called name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node
