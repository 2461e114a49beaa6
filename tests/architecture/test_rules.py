"""Rules that a linter does not know, each because of damage seen elsewhere."""

import ast
import re

import grimp

from tests.architecture.sources import FLOORS, PROJECT, calls, name, product, text, tree, trials

REASONED = {
    "noqa": re.compile(r"#\s*noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*\s+[-#]\s*\w.{3,}"),
    "type: ignore": re.compile(r"#\s*type: ignore\[[a-z, -]+\]\s+[-#]\s*\w.{3,}"),
}
VAGUE = re.compile(
    r"(^|_)(utils?|helpers?|managers?|common|core|misc)(_|$)|(Manager|Helper|Utils?)$"
)
UNIT_OF_WORK = "gis/store/engine.py"
SETTINGS = "rescue_app/settings.py"


def test_every_silenced_warning_names_its_code_and_its_reason():
    bare = [
        f"{name(path)}:{number} {line.strip()}"
        for path in [*product(), *trials()]
        for number, line in enumerate(text(path).splitlines(), 1)
        for mark, reasoned in REASONED.items()
        if re.search(rf"#\s*{mark}", line) and not reasoned.search(line)
    ]
    assert not bare


def test_every_silenced_lint_rule_of_the_project_has_a_reason():
    settings = text(PROJECT / "pyproject.toml")
    lint = settings.split("[tool.ruff.lint]")[1].split("[tool.ruff.lint.pydocstyle]")[0]
    silenced = re.findall(r'^    "[A-Z]+[0-9]*",.*$', lint, re.MULTILINE)
    bare = [line for line in silenced if "# " not in line]
    assert silenced
    assert not bare


def test_only_the_unit_of_work_commits():
    # Where everything commits, half an incident is left behind when the second half fails.
    elsewhere = [
        f"{name(path)}:{call.lineno}"
        for path in product()
        for called, call in calls(path)
        if called == "commit" and name(path) != UNIT_OF_WORK
    ]
    assert not elsewhere


def test_only_the_settings_read_the_environment():
    elsewhere = [
        f"{name(path)}:{node.lineno}"
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv", "environb"}
        and name(path) != SETTINGS
    ]
    assert not elsewhere


def test_no_sql_is_put_together_from_values():
    # Migrations and row-level security name tables; nothing there comes from outside.
    mixed = [
        f"{name(path)}:{call.lineno}"
        for path in product()
        if "rescue_app/migrations" not in name(path)
        for called, call in calls(path)
        if called in {"text", "execute", "executemany", "exec_driver_sql", "SQL", "copy"}
        for argument in call.args[:1]
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
        or (
            isinstance(argument, ast.Call)
            and getattr(argument.func, "attr", "") == "format"
            and isinstance(getattr(argument.func, "value", None), ast.Constant)
        )
    ]
    assert not mixed


def test_every_module_says_why_it_exists():
    silent = [
        name(path)
        for path in product()
        if text(path).strip() and len(ast.get_docstring(tree(path)) or "") < 12
    ]
    assert not silent


def test_nothing_has_a_vague_name():
    vague = [name(path) for path in product() if VAGUE.search(path.stem)]
    vague += [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in product()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and VAGUE.search(node.name)
    ]
    assert not vague


def test_no_modules_import_each_other_in_a_circle():
    graph = grimp.build_graph(*FLOORS)
    knots = [
        chain
        for module in sorted(graph.modules)
        for imported in graph.find_modules_directly_imported_by(module)
        if (chain := graph.find_shortest_chain(imported, module))
    ]
    assert not knots
