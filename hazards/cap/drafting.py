"""One thing that a message tells of as a warning of ours; nothing where it is elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from shapely import MultiPolygon
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.errors import Rejected
from hazards.alerts import repository as ledger
from hazards.alerts.rules import AlertDraft, Source
from hazards.cap import repository, shapes
from hazards.cap.meaning import Meant
from hazards.cap.message import Message
from hazards.cap.models import CapSource
from hazards.cap.rules import written
from hazards.points import types

SPACE = UUID("5d1a4b1e-0d0f-4d35-8a55-6d1c1a52b7aa")


def is_past(part: Meant, now: datetime) -> bool:
    """Tell whether a thing is over already."""
    return part.is_over or part.until(now) <= now


def draft(
    session: Session, part: Meant, said: Message, source: CapSource, now: datetime, number: int
) -> AlertDraft | None:
    """Write one thing as a warning; nothing where it is past or not in this city."""
    if is_past(part, now):
        return None
    paths, drawn = _where(session, part, source, now)
    if not paths and (drawn is None or not ledger.touched(session, drawn, day=day_of(now))):
        return None
    ref = f"{said.sender},{said.identifier},{written(said.sent)}#{number}"
    note = (said.note or "").strip()
    words = types.words(session) | repository.words(session)
    return AlertDraft(
        id=uuid5(SPACE, ref),
        colour=part.colour,
        hazard_type=part.hazard(words, source.hazard_type),
        expires_at=part.until(now),
        area_paths=tuple(paths),
        drawn=drawn,
        onset_at=part.onset_at,
        headline_zh=part.headline("zh"),
        headline_en=part.headline("en"),
        instruction_zh=part.instruction("zh"),
        instruction_en=part.instruction("en"),
        why=part.why or note[:200],
        is_drill=said.status == "Exercise",
        source=Source.OUTSIDE,
        source_ref=ref,
    )


def _where(
    session: Session, part: Meant, source: CapSource, now: datetime
) -> tuple[Sequence[str], MultiPolygon | None]:
    areas = part.first.areas
    if not areas:
        raise Rejected("The message does not say where: it has no area. Ask the sender.")
    codes = shapes.codes(areas)
    tried = {code: tuple(shapes.candidates(code)) for code in codes}
    known = repository.paths_of(session, {one for all_ in tried.values() for one in all_},
                                day=day_of(now))  # fmt: skip
    _check_known(tried, known, source)
    paths = [known[one] for all_ in tried.values() for one in all_ if one in known]
    drawn = shapes.drawn(areas)
    if drawn is None and not codes:
        raise Rejected("The area is told in words alone: it needs a polygon, a circle or a code.")
    return paths, drawn


def _check_known(
    tried: Mapping[str, Sequence[str]], known: Mapping[str, str], source: CapSource
) -> None:
    """Refuse a code of this city that is no area today; those of other places are others'."""
    city = source.area_path.split("/")[1][:2] if source.area_path != "/" else "?"
    for code, all_ in tried.items():
        if code.isdigit() and code.startswith(city) and not any(one in known for one in all_):
            raise Rejected("The area code {code} is not one of this city today. Ask the sender.",
                           code=code[:40])  # fmt: skip
