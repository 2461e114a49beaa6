"""Reasons of modes in the reader's language: a level's are the program's own words."""

import re
from collections.abc import Callable
from functools import partial

from fastapi import Request
from sqlalchemy.orm import Session

from hazards.modes.models import AreaMode
from rescue_app.levels import repository
from rescue_app.web.render import language, say

OF_LEVEL = re.compile(
    r"(?P<kind>.+?)(?P<level>I{1,3}|IV)级响应(?P<ended>终止)?[:：](?P<ground>.*)", re.DOTALL
)
"""How `levels.service` writes the reason of a mode that follows a level."""


def reasons(request: Request, session: Session) -> Callable[[AreaMode], str]:
    """Give what says the reason of a mode to this reader."""
    kinds = {kind.name_zh: kind.name_en for kind in repository.types(session)}
    return partial(because, request, kinds)


def because(request: Request, kinds: dict[str, str], row: AreaMode) -> str:
    """Say why a mode holds; the words of whoever set it stay as written."""
    told = OF_LEVEL.fullmatch(row.reason) if row.level_id else None
    if told is None or told["kind"] not in kinds or language(request) == "zh":
        return row.reason
    text = "{plan}, response level {level}: {ground}"
    if told["ended"]:
        text = "{plan}, response level {level} ended: {ground}"
    named = kinds[told["kind"]]
    return say(request, text, plan=named, level=told["level"], ground=told["ground"])
