"""The table of hazard types: what it holds, and the file a city extends it by."""

from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.errors import Rejected
from hazards.points.models import HazardType


class TypeLine(BaseModel):
    """One line of `data/hazard_types.yaml`."""

    model_config = ConfigDict(extra="forbid")

    code: str
    name_zh: str
    name_en: str
    family: str
    active: bool = True


def load(session: Session, path: Path) -> int:
    """Bring the table to what the file says; a type that is missing there stays as it is."""
    try:
        lines = TypeAdapter(list[TypeLine]).validate_python(
            yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        )
    except (ValidationError, yaml.YAMLError) as error:
        raise Rejected(
            "The file {name} is not a list of hazard types: {error}",
            name=path.name,
            error=str(error).splitlines()[0],
        ) from error
    rows = [line.model_dump() | {"position": n} for n, line in enumerate(lines)]
    fresh = insert(HazardType).values(rows)
    columns = {c.name: c for c in fresh.excluded if c.name != "code"}
    session.execute(fresh.on_conflict_do_update(index_elements=["code"], set_=columns))
    return len(rows)


def all_types(session: Session) -> Sequence[HazardType]:
    """Give the types in their order, the ones no longer used too."""
    return session.scalars(select(HazardType).order_by(HazardType.position)).all()


def words(session: Session) -> dict[str, str]:
    """Give every word that names a type in files (code, Chinese, English) and its code."""
    known: dict[str, str] = {}
    for kind in all_types(session):
        known |= dict.fromkeys((kind.code, kind.name_zh, kind.name_en), kind.code)
    return known


def require_active(session: Session, code: str) -> None:
    """Hold that new entries use a type that is in use."""
    active = select(func.count()).where(HazardType.code == code, HazardType.active)
    if not session.scalar(active):
        raise Rejected("There is no hazard type {code}. Choose one from the list.", code=code)
