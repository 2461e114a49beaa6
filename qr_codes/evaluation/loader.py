"""What is asked and how much is drawn, as files say it."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter
from sqlalchemy.orm import Session

from hazards.checklists.files import Code, Strict, Words, parse, read_yaml
from hazards.checklists.loader import upsert
from qr_codes.evaluation.models import Criterion, SampleQuota


class CriterionEntry(Strict):
    """A question as the file writes it."""

    code: Code
    points: Annotated[int, Field(ge=1, le=100)]
    name: Words
    ask: Words


class QuotaEntry(Strict):
    """The quota of a grade as the file writes it."""

    grade: Annotated[int, Field(ge=1, le=4)]
    share: Annotated[float, Field(ge=0, le=1)]
    least: Annotated[int, Field(ge=0, le=100)]


def load(session: Session, folder: Path) -> None:
    """Load `criteria.yaml` and `quotas.yaml`, as often as one likes."""
    path = folder / "criteria.yaml"
    asked = parse(path, TypeAdapter(tuple[CriterionEntry, ...]), read_yaml(path))
    rows = [
        {
            "code": one.code, "position": position, "points": one.points,
            "name_zh": one.name.zh, "name_en": one.name.en,
            "ask_zh": one.ask.zh, "ask_en": one.ask.en,
        }
        for position, one in enumerate(asked, start=1)
    ]  # fmt: skip
    upsert(session, Criterion, rows)
    path = folder / "quotas.yaml"
    quotas = parse(path, TypeAdapter(tuple[QuotaEntry, ...]), read_yaml(path))
    upsert(session, SampleQuota, [one.model_dump() for one in quotas])
