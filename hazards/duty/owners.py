"""Owners of many points at once: the book of each district is opened once, not point by point."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from hazards.duty import book
from hazards.duty.responsibility import Book, Matter, Owner

DISTRICT = 2
"""So many codes of a path name a district: the city's, and its own."""


@dataclass(slots=True)
class Owners:
    """Who owns which points on a day, read while it is asked for."""

    session: Session
    on: date
    books: dict[str, Book] = field(default_factory=dict)
    families: dict[str, str] = field(default_factory=dict)

    def of_point(self, *, hazard_type: str, category: str, area_path: str) -> Owner:
        """Give who owns a point of this hazard and category."""
        self.families = self.families or book.families(self.session)
        matter = Matter.of_point(hazard_type, self.families.get(hazard_type), category)
        return self.of_matter(matter, area_path=area_path)

    def of_matter(self, matter: Matter, *, area_path: str) -> Owner:
        """Give who owns any matter of the list."""
        return self._book(area_path).owner(matter, area_path)

    def _book(self, area_path: str) -> Book:
        codes = area_path.strip("/").split("/")[:DISTRICT]
        place = "/" + "/".join(codes) + "/"
        if place not in self.books:
            # What lies in no district is asked about alone: else the whole city would be read.
            opened = book.below if len(codes) == DISTRICT else book.on_path
            self.books[place] = opened(self.session, place, on=self.on)
        return self.books[place]
