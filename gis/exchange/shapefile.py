"""Reads Shapefiles as they really come: parts missing, names in GBK, a .cpg that lies.

A Shapefile is a handful of files. GDAL trusts the encoding they claim; we look at the texts.
"""

import csv
import struct
from pathlib import Path

import pyarrow as pa

from gis.errors import PlatformError, Rejected
from gis.exchange import encodings, layers
from gis.exchange.table import Table

FIELDS_NOTE, LONG_NOTE = ".fields.txt", ".long.txt"
"""What our own export puts beside: full names of fields, and texts too long for a .dbf."""
MOST_TEXT_BYTES = 254
MAGIC = struct.pack(">i", 9994)
LOOKED_AT_RECORDS = 5_000
FIELD_BYTES = 32
NAME_BYTES = 11


def read(path: Path, *, encoding: str | None, layer: str | None) -> Table:
    """The features of a Shapefile; without its .dbf or .shx it is refused, saying so."""
    del layer
    with path.open("rb") as file:
        if file.read(4) != MAGIC:
            raise Rejected("{source} is not a Shapefile.", source=path.name)
    parts = {part.suffix.lower(): part for part in _parts(path)}
    missing = [suffix for suffix in (".dbf", ".shx") if suffix not in parts]
    if missing:
        raise Rejected(
            "{source} came without its {missing}. Send all its files together, best as one zip.",
            source=path.name,
            missing=" and ".join(missing),
        )
    claimed = _claimed(parts.get(".cpg"))
    found = encodings.known(encoding) if encoding else _encoding(parts[".dbf"], claimed)
    return layers.read_layer(
        path,
        driver="ESRI Shapefile",
        encoding=found,
        layer=None,
        notes=_notes(path, parts, claimed=claimed, found=found),
        mend=_completed(path),
    )


def _completed(path: Path) -> layers.Mend:
    """Put back what the notes of our own export kept: full names, and texts uncut."""
    fields, long = path.with_name(path.stem + FIELDS_NOTE), path.with_name(path.stem + LONG_NOTE)
    names: dict[str, str] = {}
    if fields.is_file():
        names = {row["field"]: row["name"] for row in _noted(fields, "field", "name")}
    whole: dict[str, dict[str, str]] = {}
    for row in _noted(long, "feature", "name", "text") if long.is_file() else ():
        whole.setdefault(row["name"], {})[row["feature"]] = row["text"]

    def mend(rows: pa.Table, lines: layers.Lines) -> pa.Table:
        rows = rows.rename_columns([names.get(name, name) for name in rows.column_names])
        for name in whole.keys() & set(rows.column_names):
            cut = zip(lines, rows[name].to_pylist(), strict=True)
            texts = [whole[name].get(str(line), text) for line, text in cut]
            place = rows.schema.get_field_index(name)
            rows = rows.set_column(place, name, pa.array(texts, pa.string()))
        return rows

    return mend


def _noted(path: Path, *wanted: str) -> list[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8", newline="", errors="replace") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if all(isinstance(row.get(name), str) for name in wanted)]


def _parts(path: Path) -> list[Path]:
    stem = path.stem.lower()
    return [part for part in path.parent.iterdir() if part.stem.lower() == stem]


def _claimed(cpg: Path | None) -> str | None:
    if cpg is None:
        return None
    word = cpg.read_bytes()[:40].decode("ascii", errors="ignore").strip()
    try:
        return encodings.known(word or "?")
    except Rejected:
        # "936" and "ANSI 936" are ESRI's words for GBK.
        return "gb18030" if "936" in word else None


def _encoding(dbf: Path, claimed: str | None) -> str:
    samples = _samples(dbf)
    if claimed is not None and all(_fits(sample, claimed) for sample in samples):
        return claimed
    return encodings.guessed(samples, source=dbf.name, cut=True)


def _fits(sample: bytes, encoding: str) -> bool:
    for dropped in range(4):
        try:
            sample[: len(sample) - dropped].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _samples(dbf: Path) -> list[bytes]:
    """The names of the fields and the texts of the first records that are not plain ASCII."""
    with dbf.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            raise Rejected("{source} is damaged. Export it again.", source=dbf.name)
        records, header_bytes, record_bytes = struct.unpack("<IHH", head[4:12])
        fields = file.read(max(header_bytes - 32, 0))
        body = file.read(record_bytes * min(records, LOOKED_AT_RECORDS))
    samples: list[bytes] = []
    spans: list[tuple[int, int]] = []
    offset = 1
    for at in range(0, len(fields) - FIELD_BYTES + 1, FIELD_BYTES):
        field = fields[at : at + FIELD_BYTES]
        if field[0] == 0x0D:
            break
        samples.append(field[:NAME_BYTES].split(b"\x00")[0])
        width = field[16]
        if field[11:12] == b"C":
            spans.append((offset, offset + width))
        offset += width
    for start in range(0, len(body), max(record_bytes, 1)):
        record = body[start : start + record_bytes]
        if not record.isascii():
            samples += [record[left:right].rstrip(b" \x00") for left, right in spans]
    return [sample for sample in samples if not sample.isascii()]


def _notes(
    path: Path, parts: dict[str, Path], *, claimed: str | None, found: str
) -> tuple[PlatformError, ...]:
    notes: list[PlatformError] = []
    if claimed is not None and claimed != found:
        notes.append(
            Rejected(
                "{source}: the .cpg says {claimed}, the texts are {found}.",
                source=path.name,
                claimed=claimed,
                found=found,
            )
        )
    if ".prj" not in parts:
        notes.append(
            Rejected(
                "{source} came without its .prj: its coordinate system is not known.",
                source=path.name,
            )
        )
    return tuple(notes)
