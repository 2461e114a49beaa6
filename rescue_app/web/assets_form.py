"""The form of an asset: the fields of its kind, what was typed, and what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from shapely import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from gis import geometry
from gis.authority import Actor
from gis.errors import Conflict, Missing, PlatformError, Rejected
from gis.store.base import new_id
from qr_codes.assets import registering, repository
from qr_codes.assets.fields import AssetField, fields_of, value_of
from qr_codes.assets.models import Asset, AssetType
from qr_codes.assets.rules import AssetEntry
from rescue_app.web.scan_form import WRONG_FORM, text

TEXTS = ("name", "owner_unit", "owner_phone", "maintainer", "rank", "built_year")
FACT = "fact."
PAIR = re.compile(r"^\s*(-?\d+(?:\.\d+)?)[\s,，;]+(-?\d+(?:\.\d+)?)\s*$")
NO_PLACE = "Click the place on the map, or write longitude and latitude, one place a line."


@dataclass(slots=True)
class AssetForm:
    """What stands in the form. `problem` is what no single field can be blamed for."""

    id: UUID
    version: int
    kind: AssetType
    typed: dict[str, str]
    errors: dict[str, PlatformError] = field(default_factory=dict)
    problem: PlatformError | None = None

    @property
    def fields(self) -> tuple[AssetField, ...]:
        """Give the fields of the kind."""
        return fields_of(self.kind.fields)

    def read(self) -> AssetEntry | None:
        """Give the entry, or note beside each field what is wrong with it."""
        self.errors = {}
        facts = {
            one.code: self.take(FACT + one.code, partial(value_of, one)) for one in self.fields
        }
        year = self.take("built_year", year_of)
        place = self.take("place", place_of)
        if self.errors or place is None:
            return None
        return AssetEntry(
            type_code=self.kind.code,
            name=self.typed["name"],
            place=place,
            owner_unit=self.typed["owner_unit"],
            owner_phone=self.typed["owner_phone"],
            maintainer=self.typed["maintainer"],
            rank=self.typed["rank"],
            built_year=year,
            facts={code: value for code, value in facts.items() if value is not None},
        )

    def take(self, name: str, reader: Callable[[str], Any]) -> Any:
        """Read one field; what is wrong with it is kept for beside it."""
        try:
            return reader(self.typed.get(name, "").strip())
        except Rejected as problem:
            self.errors[name] = problem
            return None

    def keep(self, session: Session, write: Callable[[AssetEntry], object]) -> bool:
        """Write what was typed; what the registry refuses leaves nothing and is told above."""
        entry = self.read()
        if entry is None:
            return False
        try:
            with session.begin_nested():
                write(entry)
        except (Rejected, Conflict) as problem:
            self.problem = problem
            return False
        return True


def kind_of(session: Session, code: str) -> AssetType:
    """Give a kind by its code."""
    kind = session.get(AssetType, code)
    if kind is None:
        raise Missing("There is no kind of asset called {code}.", code=code[:60])
    return kind


def empty(session: Session, code: str, *, lon: float | None, lat: float | None) -> AssetForm:
    """Open a form for a new asset; a place may come with the address, from the map."""
    place = f"{lon!r} {lat!r}" if lon is not None and lat is not None else ""
    typed = dict.fromkeys(TEXTS, "") | {"place": place}
    return AssetForm(new_id(), 0, kind_of(session, code), typed)


def of(session: Session, asset: Asset, *, kind: str = "") -> AssetForm:
    """Open a form on what the registry says now, as of another kind if asked for."""
    typed = {name: shown(getattr(asset, name)) for name in TEXTS}
    typed |= {FACT + code: shown(value) for code, value in asset.facts.items()}
    typed["place"] = lines_of(asset.place)
    return AssetForm(asset.id, asset.version, kind_of(session, kind or asset.type_code), typed)


def sent(session: Session, form: FormData) -> AssetForm:
    """Take what a browser sent."""
    try:
        asset_id, version = UUID(text(form, "id")), int(text(form, "version"))
    except ValueError:
        raise Rejected(WRONG_FORM) from None
    typed = {name: text(form, name).strip() for name in form}
    typed = dict.fromkeys((*TEXTS, "place"), "") | typed
    return AssetForm(asset_id, version, kind_of(session, text(form, "type")), typed)


def entered(session: Session, form: FormData, *, by: Actor, now: datetime) -> AssetForm | None:
    """Enter an asset; gives the form back when something is wrong with it."""
    came = sent(session, form)

    def write(entry: AssetEntry) -> None:
        registering.register(session, asset_id=came.id, entry=entry, by=by, now=now)

    return None if came.keep(session, write) else came


def changed(
    session: Session, asset_id: UUID, form: FormData, *, by: Actor, now: datetime
) -> AssetForm | None:
    """Change an asset; gives the form back when something is wrong, or changed meanwhile."""
    repository.visible(session, asset_id)
    came = sent(session, form)

    def write(entry: AssetEntry) -> None:
        registering.change(
            session, asset_id=asset_id, seen_version=came.version, entry=entry, by=by, now=now
        )

    return None if came.keep(session, write) else came


def year_of(said: str) -> int | None:
    """Read a year."""
    if not said:
        return None
    if not said.isdecimal():
        raise Rejected("Write a year with four digits, such as 1998.")
    return int(said)


def place_of(said: str) -> BaseGeometry:
    """Read places one a line: one is a point, several a line; an empty line begins a new part."""
    parts = re.split(r"\n\s*\n", said.replace("\r\n", "\n"))
    read = [[spot(line) for line in part.splitlines()] for part in parts if part.strip()]
    if not read:
        raise Rejected(NO_PLACE)
    if len(read) == 1 and len(read[0]) == 1:
        return read[0][0]
    if any(len(part) < 2 for part in read):
        raise Rejected("A line needs two places or more.")
    lines = [LineString(part) for part in read]
    return geometry.checked(lines[0] if len(lines) == 1 else MultiLineString(lines))


def spot(line: str) -> Point:
    """Read one place."""
    found = PAIR.match(line)
    if found is None:
        raise Rejected(NO_PLACE)
    return geometry.point(float(found[1]), float(found[2]))


def lines_of(place: BaseGeometry) -> str:
    """Write places one a line, a part after an empty line."""
    parts = getattr(place, "geoms", [place])
    return "\n\n".join("\n".join(f"{x!r} {y!r}" for x, y in part.coords) for part in parts)


def shown(value: object) -> str:
    """Show a value as a person would type it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
