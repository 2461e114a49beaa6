"""Styles and scripts on their way to a phone: the same without what only people read."""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse
from starlette.types import Scope

from rescue_app.web.vendor import Checked

KEPT = 400
TOKENS = re.compile(
    r"""("[^"]*"|'[^']*')|/\*.*?\*/|\s*([{};,>])\s*|(?<=[a-z-]:)\s+|\s+""", re.DOTALL
)
COMMENTS = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/[ \t]*)$", re.MULTILINE | re.DOTALL)
TYPES = re.compile(r"/\*\* @type (?:(?!\*/).)*\*/ ?")
INDENTS = re.compile(r"^[ \t]+", re.MULTILINE)


def lean_script(script: str) -> str:
    """Write a script without comments of its own lines, types and indents, at its line numbers."""
    said = TYPES.sub("", COMMENTS.sub(lambda found: "\n" * found[0].count("\n"), script))
    # A text over several lines keeps its blanks.
    is_told_by_line = all(line.count("`") % 2 == 0 for line in said.split("\n"))
    return INDENTS.sub("", said) if is_told_by_line else said


def lean(css: str) -> str:
    """Write a sheet without comments and blanks; strings stay as they are."""

    def squeezed(found: re.Match[str]) -> str:
        kept, sign = found.groups()
        if kept or sign:
            return str(kept or sign)
        blank = found[0].isspace() and css[found.start() - 1 : found.start()] != ":"
        return " " if blank else ""

    return TOKENS.sub(squeezed, css).replace(";}", "}").strip()


LEAN: dict[str, tuple[Callable[[str], str], str]] = {
    ".css": (lean, "text/css"),
    ".js": (lean_script, "text/javascript"),
}


@lru_cache(maxsize=KEPT)
def made_lean(path: Path, _: float) -> bytes:
    """Give a file lean, once for each time it was written."""
    return LEAN[path.suffix][0](path.read_text(encoding="utf-8")).encode()


class Static(Checked):
    """Our own files: styles and scripts go out lean, the others as they are."""

    def file_response(
        self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200
    ) -> Response:
        """Answer as `Checked` does; a lean file's tag is what it says."""
        path = Path(full_path)
        if path.suffix not in LEAN:
            return super().file_response(full_path, stat_result, scope, status_code)
        said = made_lean(path, stat_result.st_mtime)
        tag = f'"{hashlib.sha256(said).hexdigest()[:20]}"'
        headers = {"etag": tag, "cache-control": "no-cache"}
        response = Response(said, status_code, headers, media_type=LEAN[path.suffix][1])
        if tag in Headers(scope=scope).get("if-none-match", ""):
            return NotModifiedResponse(response.headers)
        return response
