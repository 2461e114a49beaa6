"""Where an alert holds: the areas it names and the shape drawn, whom it touches, how that reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shapely import MultiPolygon
from sqlalchemy.orm import Session

from gis import geometry
from gis.areas.rules import common_path
from gis.authority import Actor, within
from gis.errors import Missing, Rejected
from hazards.alerts import repository
from hazards.alerts.repository import AreaRow
from hazards.alerts.rules import MOST_CORNERS, AlertDraft, Words

NAMED_AREAS = 4
PART = Words("图上所画范围", "the area drawn on the map")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an alert holds; `area_path` is the smallest area that holds all of it."""

    area_path: str
    drawn: MultiPolygon | None
    extent: MultiPolygon | None
    reach: list[str]
    said: Words


def placed(session: Session, draft: AlertDraft, *, by: Actor, day: date) -> Place:
    """Find what a draft touches, or refuse it."""
    named = repository.named(session, draft.area_paths, day=day)
    if len({row.path for row in named}) < len(draft.area_paths):
        raise Missing("One of these areas does not exist today. Reload the page and tick it again.")
    drawn = _drawn(draft)
    met = repository.touched(session, drawn, day=day) if drawn is not None else []
    inside = [path for path in met if not path.startswith(draft.area_paths or ("?",))]
    reach = sorted([*draft.area_paths, *inside])
    if not reach:
        raise Rejected("The drawing lies in no area of the city. Draw it again.")
    area_path = common_path(reach[0], reach[-1])
    if not within(area_path, by.area_path):
        raise Rejected(
            "The warning reaches beyond your area. Keep it inside, or ask the centre above."
        )
    extent = repository.extent(session, draft.area_paths, drawn, day=day)
    around = repository.named(session, inside, day=day)
    return Place(area_path, drawn, extent, reach, told(named, around, drawn=drawn is not None))


def told(named: Sequence[AreaRow], around: Sequence[AreaRow], *, drawn: bool) -> Words:
    """Say where it is: whole areas by name, a drawing by the areas that it lies in."""
    zh, en = _names(named)
    if drawn:
        in_zh, in_en = _names(around)
        zh.append(f"{'、'.join(in_zh)}{'内' if in_zh else ''}{PART.zh}")
        en.append(f"{PART.en}{' in ' if in_en else ''}{', '.join(in_en)}")
    return Words("、".join(zh), ", ".join(en))


def _names(rows: Sequence[AreaRow]) -> tuple[list[str], list[str]]:
    shown, more = rows[:NAMED_AREAS], len(rows) - NAMED_AREAS
    zh, en = [row.name for row in shown], [row.name_en or row.name for row in shown]
    if more > 0:
        zh[-1] += f"等{len(rows)}处"
        en[-1] += f" and {more} more"
    return zh, en


def _drawn(draft: AlertDraft) -> MultiPolygon | None:
    if draft.drawn is None:
        return None
    return geometry.boundary(draft.drawn, most_vertices=MOST_CORNERS).shape
