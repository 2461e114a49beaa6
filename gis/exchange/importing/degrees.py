"""Degrees, minutes and seconds as offices write them: 108°21′30.5″, 108度21分30秒, E108-21-30."""

import re

import pyarrow as pa
import pyarrow.compute as pc

SIGNS = r"[°º度˚]"
WRITTEN = re.compile(
    rf"^\s*([NSEW东西南北]?)(?:经|纬)?\s*(\d{{1,3}})\s*(?:{SIGNS}|-|:|\s)\s*(\d{{1,2}}(?:\.\d+)?)\s*"
    r"(?:['′’‘分]|-|:|\s)?\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:''|[\"″”“秒])?)?\s*([NSEW东西南北]?)\s*$",
    re.IGNORECASE,
)
ONLY_DEGREES = re.compile(rf"^\s*([NSEW]?)\s*(\d{{1,3}}(?:\.\d+)?)\s*{SIGNS}\s*([NSEW]?)\s*$")
LOOKS_SO = rf"{SIGNS}|分|^[NSEWnsew东西南北]|^\s*\d{{1,3}}[-: ]\d{{1,2}}[-: ]\d"
BOTH = re.compile(
    r"^[\[(（\s]*([^,，;；/|]+?)\s*[,，;；/|]\s*([^,，;；/|]+?)[\])）\s]*$"
    r"|^\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*$"
)
"""Two values in one cell: "30.81,108.37", "(30.81；108.37)", "108°21′E, 30°48′N"."""
BEHIND = frozenset("SsWw南西")


def as_degrees(text: str) -> float | None:
    """Read one value; None when it is not written so, or its minutes pass sixty.

    Sixty itself is what a program wrote that rounded 59.999 seconds.
    """
    found = ONLY_DEGREES.match(text)
    if found:
        before, degrees, after = found.groups()
        return float(degrees) * (-1 if (before or after) in BEHIND else 1)
    found = WRITTEN.match(text)
    if found is None:
        return None
    before, degrees, minutes, seconds, after = found.groups()
    if float(minutes) > 60 or float(seconds or 0) > 60:
        return None
    value = int(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
    return -value if (before or after) in BEHIND else value


def in_decimals(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Put values written in degrees, minutes, seconds into decimals; the rest stays as it is."""
    written = pc.fill_null(pc.match_substring_regex(text, LOOKS_SO), False)
    if not pc.any(written).as_py():
        return text
    values = text.to_pylist()
    for row, so in enumerate(written.to_pylist()):
        if so and (degrees := as_degrees(values[row])) is not None:
            values[row] = repr(degrees)
    return pa.chunked_array([pa.array(values, pa.string())])


def in_two(text: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Split cells that hold two values; one that holds something else lacks its second."""
    halves = [
        next(pair for pair in (found.groups()[:2], found.groups()[2:]) if pair[0])
        if said is not None and (found := BOTH.match(said))
        else (said, None)
        for said in text.to_pylist()
    ]
    first, second = (pa.array([half[n] for half in halves], pa.string()) for n in (0, 1))
    return pa.chunked_array([first]), pa.chunked_array([second])
