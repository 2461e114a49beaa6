"""What one change of many points is asked with: which points, and the form with its values."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.orm import Session

from gis.authority import Act, require
from gis.errors import Rejected
from hazards.points.cases import bulk
from rescue_app.api.points_query import PointQuery
from rescue_app.api.points_said import MAY_BE_NULL, Changes
from rescue_app.http.dependencies import Now, Who
from rescue_app.web.points_form import NOT_SO

FIELDS = tuple(bulk.FIELDS)


class Which(PointQuery):
    """Which points: those ticked on the list, or all that its filter means."""

    pick: list[UUID] = Field(default_factory=list, max_length=500)
    ticked: bool = False

    def rows(self, db: Session, who: Who, now: Now) -> Any:
        """Give the points, as far as this person may change any."""
        if self.ticked and not self.pick:
            raise Rejected("No point is ticked. Tick some on the list, or take all of the filter.")
        rows = bulk.chosen(db, self.filter(db, now), self.pick)
        require(who, Act.EDIT_POINT, who.area_path)
        return rows


class Sent(BaseModel):
    """The form as a browser sends it; only fields named in `set` count."""

    id: UUID
    seen: str = ""
    reason: str = ""
    set: list[str] = []
    category: str = ""
    evidence: str = ""
    hazard_type: str = ""
    owner_name: str = ""
    owner_phone: str = ""
    owner_unit: str = ""
    owner_post: str = ""
    monitoring_name: str = ""
    monitoring_phone: str = ""
    monitoring_post: str = ""
    monitoring_method: str = ""
    plan_exists: str = ""
    cards_given: str = ""
    drilled_on: str = ""
    works_stage: str = ""

    def typed(self) -> dict[str, str]:
        """Give what was typed into the chosen fields."""
        return {name: getattr(self, name).strip() for name in FIELDS if name in self.set}

    def changes(self) -> dict[str, object]:
        """Give the new values; an empty one means that nothing is known."""
        said = {n: v or (None if n in MAY_BE_NULL else "") for n, v in self.typed().items()}
        return Changes.model_validate({"version": 0, **said}).changes()

    def checked(self) -> dict[str, object]:
        """Give the new values, or refuse what the preview would not have let through."""
        try:
            return self.changes()
        except ValidationError as error:
            raise Rejected(NOT_SO) from error
