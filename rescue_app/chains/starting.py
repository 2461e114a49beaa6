"""Where a chain begins: a point of the ledger, a ground with what happens there, or its points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.errors import Missing, Rejected
from hazards.points import service as ledger
from rescue_app.chains import repository
from rescue_app.chains.rules import Rain, Thing
from rescue_app.chains.table import Kind, Table
from rescue_app.exposure.service import Ground

MOST_STARTS = 60
GROUND = "ground"


@dataclass(frozen=True, slots=True)
class Asked:
    """From where a chain is followed: a point, or a ground with what happens there.

    `warned` says that it is not known where in the ground it happens.
    """

    point_id: UUID | None = None
    ground: Ground | None = None
    kind: str = ""
    hazard_type: str = ""
    rain: Rain | None = None
    warned: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """Where it begins; `cut` says that there are more points inside than are followed."""

    title: str
    title_en: str
    starts: Sequence[Thing]
    ground: BaseGeometry | None = None
    cut: bool = False


def begin(session: Session, rules: Table, asked: Asked, *, on: date) -> Begun:
    """Find what a chain begins at."""
    if asked.point_id is not None:
        return _at_point(session, rules, asked.point_id)
    if asked.ground is None:
        raise Rejected("Say where: one area, a drawn shape, a warning or an incident.")
    ground = asked.ground
    shape, titles = _outline(session, ground, on), (ground.title, ground.title_en)
    kind = _kind(rules, asked)
    if kind is None:
        return _among(_points_inside(session, rules.kinds, shape), titles, shape)
    if asked.warned and not asked.kind and asked.rain is None:
        # A warned area of 100 km2 is no slope: all its roads would lie "0 m" from it.
        found = _points_inside(session, [kind], shape)
        if found:
            return _among(found, titles, shape)
    return Begun(*titles, [_whole(shape, kind, asked.ground.area_path)], shape)


def _among(found: list[Thing], titles: tuple[str, str], shape: BaseGeometry) -> Begun:
    return Begun(*titles, found[:MOST_STARTS], shape, cut=len(found) > MOST_STARTS)


def _at_point(session: Session, rules: Table, point_id: UUID) -> Begun:
    point = ledger.visible(session, point_id)
    kind = next((one for one in rules.kinds if point.hazard_type in one.points), None)
    if kind is None:
        raise Rejected("The chain table says nothing about this kind of hazard.")
    start = Thing(
        str(point.id), kind.code, point.name, "", point.area_path, point.place, point.place,
        point.threatened_persons, point.threatened_frail,
    )  # fmt: skip
    return Begun(point.name, "", [start])


def _outline(session: Session, ground: Ground, on: date) -> BaseGeometry:
    if ground.shape is not None:
        return ground.shape
    area = areas.by_path(session, ground.area_path, on)
    if area is None or area.boundary is None:
        raise Missing("This area has no outline. Draw it on the map.")
    return area.boundary


def _kind(rules: Table, asked: Asked) -> Kind | None:
    code = asked.kind
    if asked.rain is not None:
        code = next((link.from_ for link in rules.links if link.rain), "")
    if not code:
        return rules.of_hazard(asked.hazard_type)
    found = next((one for one in rules.kinds if one.code == code), None)
    if found is None:
        raise Rejected("The chain table knows no such beginning: {kind}.", kind=code)
    return found


def _whole(shape: BaseGeometry, kind: Kind, path: str) -> Thing:
    middle = shape.representative_point()
    return Thing(GROUND, kind.code, kind.name.zh, kind.name.en, path, shape, middle)


def _points_inside(session: Session, kinds: Sequence[Kind], shape: BaseGeometry) -> list[Thing]:
    found: list[Thing] = []
    for kind in kinds:
        if kind.points:
            inside = [_whole(shape, kind, "")]
            target = repository.points(kind)
            near = repository.near(session, target, inside, within_m=0, kind=kind.code)
            found += [met.thing for met in near]
    return sorted(found, key=lambda one: (-(one.people or 0), one.key))
