"""Say once, on the next page, what just happened; with a way back where there is one.

The sentence travels in a short-lived cookie that the page's script takes and deletes, so a
redirect after a form needs no state on the server.
"""

import json
from urllib.parse import quote

from fastapi.responses import Response

COOKIE = "yitong_flash"
LIFE_SECONDS = 60


def say(response: Response, text: str, *, undo: str | None = None) -> Response:
    """Let the next page say this sentence; `undo` is a path of ours that takes a POST."""
    said = json.dumps({"text": text, "undo": undo}, ensure_ascii=False)
    response.set_cookie(COOKIE, quote(said, safe=""), max_age=LIFE_SECONDS, samesite="lax")
    return response
