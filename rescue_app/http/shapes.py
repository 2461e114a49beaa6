"""What is wrong with the shape of what came, in the reader's words: field by field."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request

from rescue_app.web.render import say

NO_SUCH_PAGE = "There is no such page. Check the address."
ADDRESS = "This address cannot be read ({fields}). Go back and choose again."
FIELDS = "Some fields are not right ({fields}). Correct them and send again."
ONE, BETWEEN = "{field}: {why}", "; "
PLACES = ("path", "query", "header", "cookie", "body")
UNREADABLE = "cannot be read"
WHY: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "int_parsing": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "float_parsing": "has to be a number",
    "uuid_parsing": "is no id",
    "enum": "is none of those offered",
    "literal_error": "is none of those offered",
    "greater_than": "is too small",
    "greater_than_equal": "is too small",
    "less_than": "is too large",
    "less_than_equal": "is too large",
    "string_too_long": "is too long",
    "string_too_short": "is too short",
    "too_long": "has too many entries",
    "bool_parsing": "has to be yes or no",
    "date_from_datetime_parsing": "has to be a day such as 2026-05-30",
    "datetime_from_date_parsing": "has to be a moment such as 2026-05-30T08:00",
}
"""What the validator found, by its own name for it."""

Problem = Mapping[str, Any]


def names_nothing(problems: Sequence[Problem]) -> bool:
    """Tell whether the path itself is wrong: then there is no such thing."""
    return any(problem["loc"][:1] == ("path",) for problem in problems)


def told(request: Request, problems: Sequence[Problem]) -> str:
    """Say which parts are wrong, why, and what to do."""
    if names_nothing(problems):
        return say(request, NO_SUCH_PAGE)
    wrong = {where(problem): reason(problem) for problem in problems}
    said = (
        say(request, ONE, field=field, why=say(request, why)) if field else why
        for field, why in wrong.items()
    )
    sentence = ADDRESS if request.method == "GET" else FIELDS
    return say(request, sentence, fields=say(request, BETWEEN).join(said))


def reason(problem: Problem) -> str:
    """Say what is wrong; what one of our own shapes asks of several fields says it itself."""
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    return WHY.get(problem["type"], UNREADABLE)


def where(problem: Problem) -> str:
    """Name the field, without the place it came from."""
    parts = problem["loc"][problem["loc"][0] in PLACES :]
    return ".".join(map(str, parts))
