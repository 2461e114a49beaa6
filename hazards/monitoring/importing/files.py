"""Files of readings, one row for each moment: which column is which, a mapping says."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy.orm import Session

from gis import exchange
from gis.errors import Rejected
from gis.exchange import encodings
from gis.exchange.importing import mapping as mapping_file
from hazards.monitoring import service
from hazards.monitoring.rules import Flag
from hazards.monitoring.service import Sent

BATCH = 10_000
MOST_SHOWN = 1_000


class Strict(BaseModel):
    """A part of a mapping in which an unknown word is a slip."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TimeMapping(Strict):
    """The columns that make a moment, how they are written, and whose clock it is."""

    columns: tuple[str, ...] = Field(min_length=1)
    format: str
    zone: str

    @field_validator("zone")
    @classmethod
    def known_zone(cls, name: str) -> str:
        """Hold that the zone is one of the IANA's."""
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"there is no zone {name}; write Asia/Shanghai or UTC") from error
        return name


class StreamMapping(Strict):
    """Where one property's values stand, and in which unit."""

    column: str
    unit: str


class FileMapping(Strict):
    """How one file speaks of readings. `station` is a column, or `station_code` says it for all."""

    source: str
    station: str | None = None
    station_code: str | None = None
    time: TimeMapping
    streams: dict[str, StreamMapping] = Field(min_length=1)
    empty: tuple[str, ...] = ()
    encoding: str | None = None
    columns: tuple[str, ...] = ()
    """Names for the columns of a file without headings, parted by blanks."""
    skip: int = Field(default=0, ge=0)


def load(path: Path) -> FileMapping:
    """Read a mapping; a mistake in it is told with its place."""
    return mapping_file.read(path, FileMapping)


@dataclass(slots=True)
class Report:
    """What a file brought: readings, and lines that could not be taken with the reason."""

    kept: int = 0
    same: int = 0
    flagged: Counter[Flag] = field(default_factory=Counter)
    refused: int = 0
    reasons: list[tuple[int, Rejected]] = field(default_factory=list)


def bring_in(
    session: Session,
    path: Path,
    mapping: FileMapping,
    *,
    now: datetime,
    step: Callable[[int], None] = lambda _: None,
) -> Report:
    """Keep the readings of a file in the SYSTEM scope; the same file again changes nothing."""
    report = Report()
    readings = _readings(path, mapping)
    while batch := list(islice(readings, BATCH)):
        sent = [one for _, one in batch]
        taken = service.take(session, sent, source=mapping.source, area_path="/", now=now)
        report.kept += taken.kept
        report.same += taken.same
        report.flagged.update(taken.flagged)
        report.refused += len(taken.refused)
        told = ((batch[n][0], problem) for n, problem in taken.refused.items())
        report.reasons += islice(told, MOST_SHOWN - len(report.reasons))
        step(len(batch))
    return report


def _readings(path: Path, mapping: FileMapping) -> Iterator[tuple[int, Sent]]:
    zone, empty = ZoneInfo(mapping.time.zone), frozenset(mapping.empty)
    for line, row in _rows(path, mapping):
        at = _moment(row, mapping.time, zone)
        code = mapping.station_code or (row.get(mapping.station or "") or "").strip()
        for name, where in mapping.streams.items():
            value = (row.get(where.column) or "").strip()
            said = None if value in empty else value
            yield line, Sent(f"{code}/{name}", at, said, where.unit)


def _moment(row: dict[str, str], how: TimeMapping, zone: ZoneInfo) -> object:
    words = " ".join((row.get(column) or "").strip() for column in how.columns)
    try:
        return datetime.strptime(words, how.format).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return words  # refused with these words where it is kept


def _rows(path: Path, mapping: FileMapping) -> Iterator[tuple[int, dict[str, str]]]:
    if mapping.columns:
        with encodings.in_utf8(path, encoding=mapping.encoding) as (plain, _):
            lines = plain.read_text(encoding="utf-8-sig").splitlines()
        for number, line in enumerate(lines[mapping.skip :], mapping.skip + 1):
            yield number, dict(zip(mapping.columns, line.split(), strict=False))
        return
    table = exchange.read(path, encoding=mapping.encoding)
    _check_columns(table.columns, mapping)
    for number, record in zip(table.lines, table.records(), strict=True):
        yield int(number), record


def _check_columns(present: tuple[str, ...], mapping: FileMapping) -> None:
    named = [*mapping.time.columns, *(one.column for one in mapping.streams.values())]
    for column in [*named, *([mapping.station] if mapping.station else [])]:
        if column not in present:
            raise Rejected(
                "The file has no column {column}. It has: {present}. Correct the mapping.",
                column=column,
                present=", ".join(present),
            )
