"""The warnings in force in an area as its pack carries them: which of its labels lie inside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hazards.alerts import public
from qr_codes.packs.carried import Alarm, Carried, Warned


def of(session: Session, found: Sequence[Carried], *, area_path: str, now: datetime) -> Warned:
    """Give what is in force at the labels of an area, drills too: a pack is for those at work."""
    rows = public.in_force(session, now=now, drills=True)
    near = public.concerning(rows, area_path)
    alarms = [Alarm(one, _inside(one, found, area_path)) for one in near]
    held = [one for one in alarms if one.codes is None or one.codes]
    return Warned(area_path, public.state_of(rows, area_path), held)


def _inside(one: Any, found: Sequence[Carried], area_path: str) -> Sequence[str] | None:
    """Name the labels inside, the same as the page behind a code has it; none where all are."""
    areas = tuple(one.area_paths)
    if area_path.startswith(areas or ("?",)):
        return None
    return [
        each.code for each in found
        if each.area_path.startswith(areas or ("?",))
        or (one.drawn is not None and one.drawn.intersects(each.place))
    ]  # fmt: skip
