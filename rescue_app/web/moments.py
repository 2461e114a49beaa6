"""Times as people say them: the exact time stands on hover, the page's script goes on counting."""

import re
from datetime import UTC, datetime, timedelta

from babel.dates import format_timedelta
from jinja2 import pass_context
from jinja2.runtime import Context

SAID_AS_AGO = timedelta(days=7)
UNITS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1))
DIGIT_BEFORE_HAN = re.compile(r"(\d)(?=[\u4e00-\u9fff])")


@pass_context
def ago(context: Context, at: datetime) -> str:
    """Say how long ago, as `clocks.js` does; what is older than a week is a date."""
    gone = datetime.now(UTC) - at
    if abs(gone) > SAID_AS_AGO:
        return at.strftime("%Y-%m-%d")
    unit = next((u for u in UNITS if abs(gone) >= u), None)
    if unit is None:
        return str(context["_"]("just now"))
    whole = unit * int(-gone / unit)
    said = format_timedelta(whole, locale=str(context["locale"]), add_direction=True, threshold=1)
    return DIGIT_BEFORE_HAN.sub(r"\1 ", said)
