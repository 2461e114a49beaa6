"""The review set in type: one PDF that reads like a report."""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

import typst

from gis.errors import Unavailable
from qr_codes.labels.sheets import compiler_and_font

Told = dict[str, Any]


@lru_cache(maxsize=1)
def family() -> str:
    """Name the font with Chinese letters that this machine has."""
    return compiler_and_font()[1]


def printed(told: Told) -> bytes:
    """Set a report; what it says comes in words, its pictures as SVG."""
    compiler, font = compiler_and_font()
    page = files("rescue_app.review").joinpath("report.typ").read_bytes()
    said = {"report": json.dumps(told, ensure_ascii=False), "font": font}
    made = _compiled(compiler, page, said)
    if not made:
        raise Unavailable("The report could not be set. Try again; the CSV file has all of it.")
    return made


def _compiled(compiler: typst.Compiler, page: bytes, said: dict[str, str]) -> bytes:
    made = compiler.compile(page, format="pdf", sys_inputs=said)
    return b"".join(made) if isinstance(made, list) else made or b""
