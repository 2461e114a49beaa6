"""What the atlas says: cover, index, a page for each street with its map and list, contacts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.areas.models import AreaLevel
from gis.areas.repository import AFTER_SLASH
from hazards.duty.models import Unit
from hazards.points.models import HazardPoint
from rescue_app.papers import drawing
from rescue_app.papers.asked import Asked
from rescue_app.papers.drawing import Frame, Sign
from rescue_app.papers.ground import Outline
from rescue_app.web import paper_words as words
from rescue_app.web.paper_map import Gathered, Voice, local

LEAST_INDEX, HIGH_INDEX = 560.0, 1_000.0
HIGH_STREET, MOST_STREET, ROW = 760.0, 1_240.0, 30.0
"""A street's map takes what its list leaves of the page, as far as its shape can use it."""
MOST_UNITS = 2_000
GRADES = ("I", "II", "III", "IV")
HEAD = ("No.", "Name", "Hazard type", "Grade", "People", "Warning signal", "Prevention owner")
INDEX_HEAD = ("Street", "Page", "Points", "I", "II", "III", "IV")
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Atlas:
    """All parts of an atlas, but for the pages that its index names."""

    found: Gathered
    asked: Asked
    voice: Voice
    font: str
    now: datetime

    @property
    def whole(self) -> Outline:
        """The area that the atlas is of."""
        return self.found.outlines[0]

    @property
    def streets(self) -> list[Outline]:
        """The areas that have a page each; a street's own atlas has one."""
        below = [one for one in self.found.outlines if one.level == AreaLevel.STREET]
        return below or [self.whole]

    def page(self) -> Told:
        """Give what every page says."""
        version = self.voice.say(
            "{area} · as of {time} · made by {name}",
            area=self.name(self.whole), time=local(self.now), name=self.asked.who,
        )  # fmt: skip
        made_up = any(one.synthetic for one in self.found.points)
        return {
            "title": self.voice.say("Hazard atlas: {area}", area=self.name(self.whole)),
            "lang": self.asked.locale, "paper": self.asked.size, "made": version,
            "synthetic": self.voice.say("Synthetic") if made_up else "",
            "name": self.name(self.whole),
        }  # fmt: skip

    def name(self, area: Outline) -> str:
        """Give an area's name."""
        return area.name if self.voice.locale == "zh" else area.name_en or area.name

    def points(self, area: Outline) -> list[HazardPoint]:
        """Give an area's points, the worst first."""
        here = [one for one in self.found.points if one.area_path.startswith(area.path)]
        return sorted(here, key=lambda one: (GRADES.index(one.grade), one.number))

    def front(self, begins: Sequence[int]) -> Told:
        """Tell cover and index, once it is known on which page each street begins."""
        tell, points = self.voice.say, self.found.points
        count = Counter(one.grade for one in points)
        tiles = [{"grade": "", "name": tell("Points"), "value": f"{len(points):,}"}]
        tiles += [{"grade": grade, "name": tell(words.GRADES[grade]), "value": f"{count[grade]:,}"}
                  for grade in GRADES]  # fmt: skip
        notes = [tell("The ledger goes on changing: what hangs on the wall is of the day above.")]
        if len(self.streets) > 1:
            notes.append(
                tell(
                    "Numbers on the map are pages; a name that finds no room there stands"
                    " in the index."
                )
            )
        if any(one.kind != "surveyed" for one in self.found.outlines):
            notes.append(tell("Boundaries are approximate."))
        if self.asked.private:
            notes.append(tell("Holds names and phones. Give it only to those who may see them."))
        return self.page() | {
            "part": "front", "kind": tell("Hazard atlas"), "tiles": tiles, "notes": notes,
            "index": tell("Index"), "svg": self.index_map(begins),
            "head": [tell(one) for one in INDEX_HEAD[:3]] + list(INDEX_HEAD[3:]),
            "figures": len(INDEX_HEAD),
            "rows": [self.index_row(one, begin)
                     for one, begin in zip(self.streets, begins, strict=False)],
        }  # fmt: skip

    def index_row(self, area: Outline, begin: int) -> list[str]:
        """Tell a street's line of the index."""
        count = Counter(one.grade for one in self.points(area))
        figures = [f"{sum(count.values()):,}", *(f"{count[grade]:,}" for grade in GRADES)]
        return [self.name(area), str(begin), *figures]

    def index_map(self, begins: Sequence[int]) -> str:
        """Draw the streets, each with its page."""
        named = [(f"{self.name(one)} {begin}", one.shape)
                 for one, begin in zip(self.streets, begins, strict=False)]  # fmt: skip
        named.sort(key=lambda one: one[1].area)  # a small street has the least choice of room
        seen = drawing.frame([self.whole.shape], high=HIGH_INDEX, least=LEAST_INDEX)
        return self.drawn(seen, here=[one.shape for one in self.streets], names=named)

    def street(self, area: Outline) -> Told:
        """Tell a street's page: its map, and the list that the numbers on it mean."""
        tell, points = self.voice.say, self.points(area)
        places = [one.place for one in points]
        room = max(HIGH_STREET, MOST_STREET - ROW * len(points))
        seen = drawing.frame([area.shape, *places], high=room, least=HIGH_STREET)
        signs = [Sign(one.place.x, one.place.y, one.grade, str(number))
                 for number, one in enumerate(points, start=1)]  # fmt: skip
        around = [(self.name(one), one.shape) for one in self.streets if one is not area]
        left_out = tell(
            "Numbers that would cover others are left out on the map; every sign is there."
        )
        return self.page() | {
            "part": "street", "name": self.name(area), "note": left_out,
            "svg": self.drawn(seen, here=[area.shape], signs=signs, names=around),
            "head": [tell(one) for one in HEAD], "wide": [0, 3, 0, 0, 0, 2, 4],
            "rows": [self.row(number, one) for number, one in enumerate(points, start=1)],
            "empty": tell("No point on the ledger here."),
        }  # fmt: skip

    def drawn(self, seen: Frame, **what: Any) -> str:
        """Draw a map on the ground of all streets."""
        around = [one.shape for one in self.streets]
        cut = (one.intersection(box_of(seen)) for one in self.found.water)
        water = [one for one in cut if not one.is_empty]
        return drawing.picture(seen, around=around, water=water, font=self.font, **what)

    def row(self, number: int, one: HazardPoint) -> list[str]:
        """Tell a point's line of the list."""
        tell = self.voice.say
        kind = self.voice.named(self.found.types.get(one.hazard_type), one.hazard_type)
        people = f"{one.threatened_persons:,}" if one.threatened_persons is not None else "—"
        means = "、".join(tell(words.MEANS[means]) for means in one.warning_means)
        phone = one.owner_phone if self.asked.private else ""
        owner = " ".join(filter(None, (one.owner_name, phone)))
        return [str(number), one.name, kind, one.grade, people, means or "—", owner or "—"]

    def contacts(self, units: Sequence[Unit]) -> Told:
        """Tell whom to call: the number for emergencies, then the centres and their phones."""
        tell = self.voice.say
        rows = [[tell("Emergency"), self.asked.number_at(self.asked.under), ""]]
        rows += [[self.unit_name(one), one.phone or "________________",
                  tell("Synthetic") if one.synthetic else ""] for one in units]  # fmt: skip
        note = tell("What is not known is a line to write on.")
        return self.page() | {
            "part": "contacts", "name": tell("Contacts"), "note": note, "wide": [3, 2, 1],
            "head": [tell("Centre or office"), tell("Phone"), ""], "rows": rows, "empty": "",
        }  # fmt: skip

    def unit_name(self, unit: Unit) -> str:
        """Give a unit's name."""
        return unit.name if self.voice.locale == "zh" else unit.name_en or unit.name


def box_of(seen: Frame) -> shapely.Polygon:
    """Give what a picture shows as a shape."""
    return shapely.box(seen.west, seen.south, seen.east, seen.north)


def units(session: Session, under: str) -> Sequence[Unit]:
    """Give the centres and departments of an area, from the widest down."""
    here = (Unit.area_path >= under, Unit.area_path < under[:-1] + AFTER_SLASH)
    query = select(Unit).where(*here, Unit.kind.in_(("centre", "department")))
    return session.scalars(query.order_by(Unit.area_path, Unit.name).limit(MOST_UNITS)).all()
