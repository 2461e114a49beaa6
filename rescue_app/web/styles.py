"""Styles on their way to a phone: the same rules without comments and blanks."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse
from starlette.types import Scope

from rescue_app.web.vendor import Checked

KEPT_SHEETS = 200
TOKENS = re.compile(
    r"""("[^"]*"|'[^']*')|/\*.*?\*/|\s*([{};,>])\s*|(?<=[a-z-]:)\s+|\s+""", re.DOTALL
)


def lean(css: str) -> str:
    """Write a sheet without what only people read; strings stay as they are."""

    def squeezed(found: re.Match[str]) -> str:
        kept, sign = found.groups()
        if kept or sign:
            return str(kept or sign)
        blank = found[0].isspace() and css[found.start() - 1 : found.start()] != ":"
        return " " if blank else ""

    return TOKENS.sub(squeezed, css).replace(";}", "}").strip()


@lru_cache(maxsize=KEPT_SHEETS)
def sheet(path: Path, _: float) -> bytes:
    """Give a sheet lean, once for each time it was written."""
    return lean(path.read_text(encoding="utf-8")).encode()


class Static(Checked):
    """Our own files: styles go out lean, the others as they are."""

    def file_response(
        self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200
    ) -> Response:
        """Answer as `Checked` does; a sheet's tag is what it says."""
        if not str(full_path).endswith(".css"):
            return super().file_response(full_path, stat_result, scope, status_code)
        said = sheet(Path(full_path), stat_result.st_mtime)
        tag = f'"{hashlib.sha256(said).hexdigest()[:20]}"'
        headers = {"etag": tag, "cache-control": "no-cache"}
        response = Response(said, status_code, headers, media_type="text/css")
        if tag in Headers(scope=scope).get("if-none-match", ""):
            return NotModifiedResponse(response.headers)
        return response
