"""Which lists fall due now: templates in force, turned by their rhythm into rows to be made."""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hazards.checklists import figures
from hazards.checklists.models import ChecklistTemplate
from hazards.checklists.rules import Mode, Rhythm, Season
from hazards.modes.rules import calmer
from hazards.points.models import HazardType
from hazards.tasks import rules, subjects
from hazards.tasks.rules import ZONE, Floods, Period

POINT = "point:"
ASSET = "asset:"


@dataclass(frozen=True, slots=True)
class AskedList:
    """A template in force for points, or for assets: their category is `asset`."""

    code: str
    version: int
    categories: tuple[str, ...]
    hazard_types: tuple[str, ...]
    mode: Mode
    season: Season
    rhythm: Rhythm
    role: str
    window_hours: int


@dataclass(frozen=True, slots=True)
class Due:
    """One list for one kind of point: `holds_in` is the mode in which such a point gets it."""

    template_code: str
    version: int
    category: str
    hazard_type: str
    holds_in: str
    mode: str
    role: str
    period: str
    per_emergency: bool
    from_at: str
    due_at: str


@dataclass(frozen=True, slots=True)
class Book:
    """All lists there are: those of points fall due by rhythm, those of assets in warnings."""

    lists: tuple[AskedList, ...]
    of_assets: tuple[AskedList, ...] = ()

    def due(self, modes: Collection[Mode], now: datetime, floods: Floods) -> list[Due]:
        """Give what falls due in these modes, a row for every kind of point."""
        day = now.astimezone(ZONE).date()
        return [
            row
            for one in self.lists
            if one.mode in modes and rules.in_season(one.season, day, floods)
            if (period := rules.period_of(one.rhythm, now, mode=one.mode))
            for row in _rows(one, period, one.mode, now)
        ]

    def after_rain(self, was: Mode, became: Mode, began: datetime) -> list[Due]:
        """Give the round after the rain, once an area leaves an emergency for something calmer."""
        if became not in calmer(was):
            return []
        period = rules.after_round(began)
        about_rain = (x for x in self.lists if x.mode is was and x.rhythm is Rhythm.AROUND_RAIN)
        return [row for one in about_rain for row in _rows(one, period, became, began)]


def read(session: Session) -> Book:
    """Read the templates in force."""
    types = session.scalars(select(HazardType.code).order_by(HazardType.code)).all()
    query = select(ChecklistTemplate).where(ChecklistTemplate.retired.is_(False))
    held = session.scalars(query.order_by(ChecklistTemplate.code)).all()
    of_points = (_list(one, _kinds(one, POINT), one.hazard_types or types) for one in held)
    of_assets = (_list(one, [subjects.ASSET], _kinds(one, ASSET)) for one in held)
    return Book(
        tuple(one for one in of_points if one.categories),
        tuple(one for one in of_assets if one.hazard_types),
    )


def floods(session: Session, area_path: str) -> Floods:
    """Give the months of the flood season as an area, or one above it, set them."""
    found = {one.threshold.code: int(one.value) for one in figures.listed(session, area_path)}
    usual = Floods()
    return Floods(
        found.get("flood_first_month", usual.first_month),
        found.get("flood_last_month", usual.last_month),
    )


def digest(due: Sequence[Due]) -> str:
    """Tell by a few letters whether the same lists are due as before."""
    keys = sorted({(one.template_code, one.version, one.period, one.category) for one in due})
    return hashlib.sha256(json.dumps(keys).encode()).hexdigest()[:32]


def as_json(due: Sequence[Due]) -> str:
    """Write the rows for the database."""
    return json.dumps([asdict(one) for one in due])


def _kinds(one: ChecklistTemplate, prefix: str) -> list[str]:
    return [kind.removeprefix(prefix) for kind in one.applies_to if kind.startswith(prefix)]


def _list(
    one: ChecklistTemplate, categories: Sequence[str], hazard_types: Sequence[str]
) -> AskedList:
    return AskedList(
        one.code,
        one.version,
        tuple(categories),
        tuple(hazard_types),
        Mode(one.mode),
        Season(one.season),
        Rhythm(one.rhythm),
        one.role,
        one.window_hours,
    )


def _rows(one: AskedList, period: Period, holds_in: Mode, now: datetime) -> Iterator[Due]:
    window = rules.window_of(period, hours=one.window_hours, now=now)
    times = window.from_at.isoformat(), window.due_at.isoformat()
    each = rules.once_per_emergency(one.rhythm, one.mode)
    for category in one.categories:
        for hazard_type in one.hazard_types:
            yield Due(
                one.code, one.version, category, hazard_type, holds_in, one.mode, one.role,
                period.key, each, *times,
            )  # fmt: skip
