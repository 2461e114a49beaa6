"""Files of readings that are laid in a folder: taken when they are whole, each with its mapping.

A folder with a `mapping.yaml` is a way in. A file there is read when it has stood still from one
look to the next, kept in one transaction, and then moved to `done`, or to `refused` with the
reason beside it. Whoever is killed in between reads it once more, and keeps nothing twice.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import DataError

from gis.errors import PlatformError, Rejected
from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import SYSTEM
from hazards.monitoring.importing import files

MAPPING = "mapping.yaml"
DONE, REFUSED = "done", "refused"
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", "~")
Seen = Mapping[Path, tuple[int, int]]
"""How large each file was at the last look, and when it was written."""
NOT_KEPT = "A sign or number in this cannot be kept. Nothing was saved. Correct it and send again."
log = structlog.get_logger()


def look(sessions: Sessions, folder: Path, seen: Seen, *, now: datetime) -> Seen:
    """Take in what has stood still since the last look; give what stands there now."""
    there = {path: state for path in _files(folder) if (state := _state(path))}
    for path, state in sorted(there.items()):
        if seen.get(path) == state:
            _take(sessions, path, now=now)
    return there


def _files(folder: Path) -> Iterator[Path]:
    for mapping in sorted(folder.glob(f"*/{MAPPING}")):
        for path in sorted(mapping.parent.iterdir()):
            named = path.name != MAPPING and not path.name.startswith(".")
            if named and path.is_file() and not path.name.endswith(UNFINISHED):
                yield path


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def _take(sessions: Sessions, path: Path, *, now: datetime) -> None:
    try:
        how = files.load(path.parent / MAPPING)
        with unit_of_work(sessions, SYSTEM) as session:
            report = files.bring_in(session, path, how, now=now)
        if not report.kept and not report.same:
            raise report.reasons[0][1] if report.reasons else Rejected("Nothing is in this file.")
    except PlatformError as problem:
        _put_away(path, REFUSED, [str(problem)])
    except DataError:
        _put_away(path, REFUSED, [NOT_KEPT])
    else:
        reasons = [f"line {line}: {problem}" for line, problem in report.reasons]
        _put_away(path, DONE, reasons)
        log.info("files.kept", name=path.name, kept=report.kept, same=report.same,
                 refused=report.refused)  # fmt: skip


def _put_away(path: Path, where: str, reasons: list[str]) -> None:
    """Move a file, with what was refused of it and why beside it; nothing there is overwritten."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    target = next(one for one in _free(folder, path) if not one.exists())
    if reasons:
        words = "\n".join([*reasons, ""])
        (folder / f"{target.name}.reason.txt").write_text(words, encoding="utf-8")
    path.replace(target)


def _free(folder: Path, path: Path) -> Iterator[Path]:
    yield folder / path.name
    for n in range(2, 1_000_000):
        yield folder / f"{path.stem}.{n}{path.suffix}"
