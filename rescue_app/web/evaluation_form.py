"""The forms of evaluation as browsers send them."""

from datetime import date
from uuid import UUID

from starlette.datastructures import FormData

from gis.errors import Rejected
from qr_codes.evaluation.rules import Quota
from qr_codes.evaluation.service import Draw, Said
from rescue_app.web.scan_form import WRONG_FORM, text

GRADES = (1, 2, 3, 4)
MARK = "mark."


def draw_of(form: FormData) -> Draw:
    """Read what is to be drawn."""
    try:
        draw_id = UUID(text(form, "id"))
    except ValueError:
        raise Rejected(WRONG_FORM) from None
    try:
        since, until = (date.fromisoformat(text(form, f"closed_{end}")) for end in ("from", "to"))
    except ValueError:
        raise Rejected("Give both days of the time in which the findings were closed.") from None
    quotas = tuple(quota_of(form, grade) for grade in GRADES)
    return Draw(draw_id, text(form, "seed"), since, until, quotas)


def quota_of(form: FormData, grade: int) -> Quota:
    """Read how much of a grade is drawn."""
    try:
        percent, least = float(text(form, f"share.{grade}")), int(text(form, f"least.{grade}"))
    except ValueError:
        percent = least = -1
    if not (0 <= percent <= 100 and 0 <= least <= 100):
        raise Rejected("Give each grade a share from 0 to 100 % and a number from 0 to 100.")
    return Quota(grade, percent / 100, least)


def said_of(form: FormData) -> Said:
    """Read the marks of one finding."""
    try:
        said_id = UUID(text(form, "id"))
    except ValueError:
        raise Rejected(WRONG_FORM) from None
    marks = {
        name.removeprefix(MARK): text(form, name).strip()
        for name in form if name.startswith(MARK)
    }  # fmt: skip
    return Said(said_id, marks, text(form, "words"), text(form, "then") == "send_back")
