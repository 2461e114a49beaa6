"""The checklist form as browsers send it, with or without JavaScript."""

from uuid import UUID

from starlette.datastructures import FormData

from gis import geometry
from gis.errors import Rejected
from hazards.checklists.visits import Outcome, Visit
from rescue_app.web.scan_facts import Entered

PREFIX = "a."
WRONG_FORM = "This form is not whole. Load the page again."


def visit_of(form: FormData) -> Visit:
    """Read a visit from the form."""
    try:
        visit_id, outcome = UUID(text(form, "id")), Outcome(text(form, "outcome"))
        place = [float(text(form, name)) for name in ("lon", "lat") if text(form, name)]
        accuracy_m = float(text(form, "accuracy_m")) if text(form, "accuracy_m") else None
        code, version = text(form, "template_code"), text(form, "template_version")
        shown = (code, int(version)) if code else None
    except ValueError:
        raise Rejected(WRONG_FORM) from None
    return Visit(
        id=visit_id,
        outcome=outcome,
        answers=answers_of(form),
        note=text(form, "note"),
        place=geometry.point(*place) if len(place) == 2 else None,
        accuracy_m=accuracy_m,
        shown=shown,
    )


def answers_of(form: FormData) -> dict[str, str]:
    """Read the answers: one field per item."""
    return {name.removeprefix(PREFIX): text(form, name) for name in form if name[:2] == PREFIX}


def entered_of(form: FormData, *, problem: str) -> Entered:
    """Keep what was filled in, to show it again with the reason."""
    return Entered(answers_of(form), text(form, "note"), problem)


def text(form: FormData, name: str) -> str:
    """Give a field as text; a file in its place counts as nothing."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
