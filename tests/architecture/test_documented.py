"""What can be set, typed or answered is in the documentation, or it does not exist for anybody."""

import re
from importlib import import_module

from typer.main import get_command

from gis import errors
from rescue_app.cli import ENTRIES
from rescue_app.settings import Settings
from tests.architecture.sources import PROJECT

DOCS = {path.name: path.read_text(encoding="utf-8") for path in (PROJECT / "docs").glob("*.md")}


def commands():
    for entry in ENTRIES:
        if entry.function:
            yield f"yitong {entry.name}"
        else:
            group = get_command(import_module(f"rescue_app.commands.{entry.module}").app)
            yield from (f"yitong {entry.name} {name}" for name in group.commands)


def test_every_setting_is_documented():
    names = {f"YITONG_{name.upper()}" for name in Settings.model_fields} | {"DATABASE_URL"}
    assert not [name for name in names if f"`{name}`" not in DOCS["operations.md"]]


def test_every_command_is_documented():
    words = "\n".join(DOCS.values())
    assert not [command for command in commands() if f"`{command}" not in words]


def test_every_error_code_is_documented():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = {kind.code for kind in kinds if issubclass(kind, errors.PlatformError)}
    assert not [code for code in codes if f"`{code}`" not in DOCS["operations.md"]]


def test_both_user_guides_have_the_same_chapters():
    chapters = {
        language: DOCS[f"user-guide.{language}.md"].count("\n## ") for language in ("zh", "en")
    }
    assert chapters["zh"] == chapters["en"] > 0


def test_every_link_between_the_documents_leads_somewhere():
    pages = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(PROJECT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken
