"""What the form of a warning is filled with, and what it says to the service."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field
from shapely import MultiPolygon

from gis.areas.rules import AreaLevel
from gis.store.base import new_id
from hazards.alerts.models import Alert
from hazards.alerts.repository import AreaRow
from hazards.alerts.rules import AlertDraft
from rescue_app.incidents.rules import TITLE_LENGTH
from rescue_app.web.incident_form import drawn, moment
from rescue_app.web.render import LOCAL_ZONE

Blank = BeforeValidator(lambda value: value or None)


class AlertForm(BaseModel):
    """The form's fields; its number is made with the form, so a second press changes nothing."""

    id: UUID = Field(default_factory=new_id)
    colour: str = ""
    hazard_type: str = ""
    areas: list[str] = Field(default_factory=list)
    area: str = ""
    onset: str = ""
    expires: str = ""
    headline_zh: str = ""
    headline_en: str = ""
    instruction_zh: str = ""
    instruction_en: str = ""
    why: str = ""
    follows: Annotated[UUID | None, Blank] = None
    is_drill: bool = False

    def draft(self) -> AlertDraft:
        """Give it as the service takes it."""
        same = ("id", "colour", "hazard_type", "headline_zh", "headline_en", "instruction_zh",
                "instruction_en", "why", "follows", "is_drill")  # fmt: skip
        return AlertDraft(
            **{name: getattr(self, name) for name in same},
            area_paths=tuple(self.areas),
            drawn=drawn(self.area),
            onset_at=moment(self.onset),
            expires_at=moment(self.expires),
        )

    @classmethod
    def like(cls, alert: Alert, *, follows: bool) -> Self:
        """Give a form filled as another warning: to update it, or to write one that is like it."""
        same = ("colour", "hazard_type", "headline_zh", "headline_en", "instruction_zh",
                "instruction_en", "is_drill")  # fmt: skip
        return cls(
            **{name: getattr(alert, name) for name in same},
            areas=alert.area_paths,
            area=written(alert.drawn),
            expires=entered(alert.expires_at) if follows else "",
            follows=alert.id if follows else None,
        )


def happened(alert: Alert, locale: str) -> str:
    """Title the incident that a warning became: where it was announced, and what."""
    chinese = locale == "zh" or not alert.headline_en
    headline = alert.headline_zh if chinese else alert.headline_en
    where = alert.where_zh if chinese else alert.where_en
    if where in headline:
        return headline
    said = f"{where} {headline}" if chinese else f"{headline}: {where}"
    return said if len(said) <= TITLE_LENGTH else headline


def written(shape: MultiPolygon | None) -> str:
    """Write a drawing as the form has it."""
    rings = [list(part.exterior.coords)[:-1] for part in shape.geoms] if shape is not None else []
    return "\n\n".join("\n".join(f"{x:.6f} {y:.6f}" for x, y in ring) for ring in rings)


def entered(at: datetime) -> str:
    """Write a time as its field has it."""
    return at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")


def grouped(rows: Sequence[AreaRow]) -> list[tuple[AreaRow, list[AreaRow]]]:
    """Lay streets below their districts: what one can tick, in the order of the tree."""
    found: list[tuple[AreaRow, list[AreaRow]]] = []
    for row in rows:
        inside = found and found[-1][0].level == AreaLevel.DISTRICT
        if inside and row.path.startswith(found[-1][0].path):
            found[-1][1].append(row)
        else:
            found.append((row, []))
    return found
