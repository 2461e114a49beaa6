"""A kept chain on paper, Chinese letters embedded."""

import json
from importlib.resources import files
from typing import Any

from gis.errors import Unavailable


def printed(told: dict[str, Any]) -> bytes:
    """Set a chain; what it says comes in words, its map as a picture."""
    from qr_codes.labels.sheets import compiler_and_font  # noqa: PLC0415 - slow to load

    compiler, font = compiler_and_font()
    page = files("rescue_app.chains").joinpath("chain.typ").read_bytes()
    said = {"chain": json.dumps(told, ensure_ascii=False), "font": font}
    made = compiler.compile(page, format="pdf", sys_inputs=said)
    whole = b"".join(made) if isinstance(made, list) else made
    if not whole:
        raise Unavailable("The chain could not be set. Try again; its page has all of it.")
    return whole
