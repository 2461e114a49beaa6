"""All 1,031 towns of a city, made up: each with a point, its keeper, a centre and who leads it."""

from datetime import date, datetime
from uuid import UUID

from shapely import Point
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from gis.areas.models import Area
from gis.store.base import new_id
from gis.store.scope import NO_ONE
from hazards.duty.models import Member, Unit
from hazards.points.models import HazardPoint
from tests.world import CITY

TOWNS, DISTRICTS = 1_031, 38
ALWAYS = Range(date(2000, 1, 1), None)


def district(number: int) -> str:
    return f"{CITY}{500901 + number % DISTRICTS}/"


def town(number: int) -> str:
    return f"{district(number)}{500901 + number % DISTRICTS}{number:04}/"


def build_towns(session: Session, *, now: datetime) -> None:
    """Insert them in four statements; everything is marked as made up."""
    districts = sorted({district(number) for number in range(TOWNS)})
    towns = [town(number) for number in range(TOWNS)]
    session.execute(insert(Area), [_area(path, "district") for path in districts])
    session.execute(insert(Area), [_area(path, "street") for path in towns])
    centres = {path: new_id() for path in [*districts, *towns]}
    session.execute(insert(Unit), [_unit(id_, path) for path, id_ in centres.items()])
    session.execute(insert(Member), [_member(id_, path) for path, id_ in centres.items()])
    session.execute(insert(HazardPoint), [_point(path, now) for path in towns])


def _area(path: str, level: str) -> dict[str, object]:
    code = path.rstrip("/").rpartition("/")[2]
    return {
        "id": new_id(), "code": code, "code_system": "synthetic", "level": level, "name": code,
        "name_en": code, "path": path, "validity": ALWAYS, "boundary_kind": "none",
        "source": "synthetic",
    }  # fmt: skip


def _unit(id_: UUID, path: str) -> dict[str, object]:
    level = "district" if path.count("/") == 3 else "street"
    return {
        "id": id_, "name": f"{path}中心", "name_en": f"{path} centre", "kind": "centre",
        "level": level, "area_path": path, "phone": "023-1",
    }  # fmt: skip


def _member(unit_id: UUID, path: str) -> dict[str, object]:
    return {
        "id": new_id(), "unit_id": unit_id, "area_path": path, "name": f"{path}值班",
        "post": "值班员", "phone": f"9{path.replace('/', '')}", "rank": 0,
    }  # fmt: skip


def _point(path: str, now: datetime) -> dict[str, object]:
    code = path.rstrip("/").rpartition("/")[2]
    return {
        "id": new_id(), "category": "hidden_danger", "evidence": "historical",
        "hazard_type": "landslide", "grade": "III", "grade_origin": "computed", "number": code,
        "source": "synthetic", "name": f"{code}坡", "address": "", "threatened_persons": 9,
        "owner_name": f"{code}监测员", "owner_phone": f"139{code[-8:]}", "owner_unit": "",
        "place": Point(108, 30), "area_path": path, "state": "approved", "synthetic": True,
        "version": 1, "changed_at": now, "changed_by": NO_ONE, "changed_by_name": "test",
    }  # fmt: skip
