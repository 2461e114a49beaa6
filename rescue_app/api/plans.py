"""Response plans over HTTP: what is done at a level."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from rescue_app.http.dependencies import Db, Who
from rescue_app.plans import rules, service
from rescue_app.plans.files import PlanEntry
from rescue_app.plans.models import PlanVersion
from rescue_app.plans.rules import Action

Level = Literal["I", "II", "III", "IV"]
router = APIRouter(prefix="/api/v1/plans", tags=["plans"])


class PlanOut(BaseModel):
    """A version of a plan; `actions` are those of the level asked for, in the order of a notice."""

    plan_type: str
    version: int
    in_force: bool
    made_by_name: str
    level: str
    follows: str
    actions: list[Action]

    @classmethod
    def of(cls, row: PlanVersion, entry: PlanEntry, level: str) -> "PlanOut":
        """Read it off a version."""
        names = ("plan_type", "version", "in_force", "made_by_name")
        facts = {name: getattr(row, name) for name in names}
        actions = rules.at_level(entry.as_actions(), level)
        return cls(**facts, level=level, follows=entry.follows.en, actions=actions)


@router.get("/{code}")
def read_plan(db: Db, _: Who, code: str, level: Level = "I", version: int | None = None) -> PlanOut:
    """Give what a plan asks for at a level: its own actions and those of the lower ones."""
    row = service.version_of(db, code, version)
    return PlanOut.of(row, service.entry_of(row), level)
