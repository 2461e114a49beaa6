"""The one program `yitong`. What is not called is not imported, so that it answers at once."""

import sys
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import typer
from rich.console import Console

from gis.errors import PlatformError
from rescue_app import memory

SUMMARY = "Yitong 一通: one map, one code, one tap."


@dataclass(frozen=True)
class Entry:
    """A command or a group of commands, known by name before its module is read."""

    name: str
    module: str
    help: str
    function: str | None = None
    """The function that is the command; without it the module's `app` is a group."""
    frames: bool = True
    """Whether any of it works with frames; without pandas it begins a third of a second sooner."""


ENTRIES = (
    Entry("run", "serve", "Start everything: database, worker, server. Ctrl-C stops it.", "run"),
    Entry("serve", "serve", "Run the web server alone.", "serve"),
    Entry("worker", "serve", "Run the worker for long jobs alone.", "worker"),
    Entry("listen", "listen", "Take readings from a broker and a folder.", "listen"),
    Entry("db", "db", "The database: up, down, migrate, backup, restore."),
    Entry("areas", "areas", "Districts, streets and their boundaries."),
    Entry("water", "water", "Rivers, lakes and reservoirs."),
    Entry("roads", "roads", "The road graph for travel times."),
    Entry("points", "points", "The ledger of hazard points.", frames=False),
    Entry("exposure", "exposure", "Whom and what a place holds, as JSON.", "exposure"),
    Entry("chains", "chains", "What follows from what, and what comes next from here."),
    Entry("events", "events", "Disaster records.", frames=False),
    Entry("alerts", "alerts", "Warnings of others in CAP 1.2."),
    Entry("evidence", "evidence", "What the disaster records say: places to propose."),
    Entry("possible", "possible", "Where it may happen: the ground, and the map of its classes."),
    Entry("monitoring", "monitoring", "Stations and what they measure."),
    Entry("assets", "assets", "The registry of roads, bridges and drains.", frames=False),
    Entry("codes", "codes", "Codes on bridges, roads and drains."),
    Entry("measures", "measures", "What to do when something happens at an asset."),
    Entry("stores", "stores", "Where the materials for it lie."),
    Entry("packs", "packs", "What phones take along: the keys that sign it."),
    Entry("tasks", "tasks", "Lists that fall due at the points."),
    Entry("papers", "papers", "Cards, maps and other paper for people's hands."),
    Entry("scenario", "scenario", "A synthetic scenario on the real geography."),
    Entry("user", "user", "People who may sign in."),
    Entry("audit", "audit", "The audit log."),
    Entry("doctor", "doctor", "Say what is missing here and how to mend it.", "doctor"),
)


def build(wanted: str | None) -> typer.Typer:
    """Build the program with one command loaded; the others are names with a help line."""
    app = typer.Typer(
        help=SUMMARY, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    for entry in ENTRIES:
        module = _module(entry) if entry.name == wanted else None
        if entry.function:
            command = getattr(module, entry.function) if module else _not_loaded
            app.command(entry.name, help=entry.help)(command)
        else:
            group = module.app if module else typer.Typer()
            app.add_typer(group, name=entry.name, help=entry.help, no_args_is_help=True)
    return app


def _module(entry: Entry) -> ModuleType:
    return import_module(f"rescue_app.commands.{entry.module}")


def _not_loaded() -> None:
    """Stand in for a command that this call is not about."""


def main() -> None:
    """Run the program; an error we raise on purpose is a sentence, not a traceback."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    wanted = words[0] if words else None
    if any(entry.name == wanted and not entry.frames for entry in ENTRIES):
        memory.without_frames()
    try:
        with memory.starting():
            program = build(wanted)
        program()
    except PlatformError as error:
        _tell(error)
        sys.exit(1)


def _tell(error: PlatformError) -> None:
    from rescue_app.web.words import translate  # noqa: PLC0415 - Babel is slow, errors are rare

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    said = dict.fromkeys((translate("zh", error.text, **error.values), str(error)))
    for sentence in said:
        console.print(sentence, style="red", markup=False)


if __name__ == "__main__":
    main()
