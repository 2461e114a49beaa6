"""What stations send over the wire, as readings: our own JSON, CSV, and SenML (RFC 8428). Pure.

A body that is not what it says it is is refused whole; a reading in it that cannot be is not,
so that one broken gauge never holds up the others.
"""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from gis.errors import Rejected
from hazards.monitoring.service import Sent

MOST = 10_000
JSON, CSV, SENML = "application/json", "text/csv", "application/senml+json"
COLUMNS = ("stream", "at", "value")
LONGEST_LINE = 4_096
RELATIVE_BELOW = 2**28
"""A smaller SenML time counts from now (RFC 8428, section 4.5.3)."""


def read(body: bytes, *, kind: str, now: datetime) -> list[Sent]:
    """Read a body of this content type."""
    plain = kind.split(";", maxsplit=1)[0].strip().lower()
    ways = {JSON: _of_json, CSV: _of_csv, SENML: _of_senml}
    if plain not in ways:
        raise Rejected("Send {json}, {csv} or {senml}. Nothing was kept.",
                       json=JSON, csv=CSV, senml=SENML)  # fmt: skip
    sent = [_kept(one) for one in ways[plain](body, now)]
    if len(sent) > MOST:
        raise Rejected("Send at most {most} readings at once. Nothing was kept.", most=MOST)
    return sent


def _of_json(body: bytes, now: datetime) -> list[Sent]:
    del now
    told = _json(body)
    rows = _objects(told.get("readings") if isinstance(told, dict) else None)
    if rows is None:
        raise Rejected('The body is {"readings": [...]}, each a JSON object. Nothing was kept.')
    return [_sent(row, row.get("at")) for row in rows]


def _of_csv(body: bytes, now: datetime) -> list[Sent]:
    del now
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("gb18030", errors="replace")
    if any(len(line) > LONGEST_LINE for line in text.splitlines()):
        raise Rejected("This is not CSV. Nothing was kept.")
    rows = csv.DictReader(io.StringIO(text))
    lacking = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if lacking:
        raise Rejected("The first line names the columns: {columns}. Nothing was kept.",
                       columns=", ".join((*COLUMNS, "unit")))  # fmt: skip
    try:
        return [_sent(row, row["at"]) for row in rows]
    except csv.Error as error:
        raise Rejected("This is not CSV. Nothing was kept.") from error


def _of_senml(body: bytes, now: datetime) -> list[Sent]:
    told = _objects(_json(body))
    if told is None:
        raise Rejected("SenML is an array of JSON objects. Nothing was kept.")
    base: dict[str, Any] = {}
    sent: list[Sent] = []
    for row in told:
        base |= {key: row[key] for key in ("bn", "bt", "bu", "bv") if key in row}
        if any(key in row for key in ("n", "v", "vs", "vb", "vd", "s")):
            sent.append(_of_record(row, base, now))
    return sent


def _of_record(row: Mapping[str, Any], base: Mapping[str, Any], now: datetime) -> Sent:
    name = f"{base.get('bn', '')}{row.get('n', '')}"
    value: object = row.get("v", row.get("vs", row.get("vb")))
    if _is_number(value) and _is_number(base.get("bv", 0)):
        value = float(str(value)) + float(base.get("bv", 0))
    unit = row.get("u", base.get("bu"))
    seconds = row.get("t", 0), base.get("bt", 0)
    if not all(_is_number(one) for one in seconds):
        return Sent(name, str(seconds[0]), value, unit)
    return Sent(name, _senml_moment(float(sum(seconds)), now), value, _text(unit))


def _senml_moment(seconds: float, now: datetime) -> object:
    if seconds < RELATIVE_BELOW:
        return now + timedelta(seconds=max(seconds, -RELATIVE_BELOW))
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return str(seconds)


def _sent(row: Mapping[str, Any], at: object) -> Sent:
    return Sent(str(row.get("stream") or ""), at, row.get("value"), _text(row.get("unit")))


def _kept(one: Sent) -> Sent:
    """Leave out the sign that no database keeps: one odd gauge would hold up its whole batch."""
    return Sent(_plain(one.stream), _plain(one.at), _plain(one.value), _plain(one.unit))


def _plain(said: Any) -> Any:
    return said.replace("\0", "") if isinstance(said, str) else said


def _text(unit: object) -> str | None:
    return None if unit is None else str(unit)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _objects(rows: object) -> list[dict[str, Any]] | None:
    """Give a list of objects as one, anything else as nothing."""
    return rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else None


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Rejected("This is not JSON. Nothing was kept.") from error
