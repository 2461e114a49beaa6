"""Exposure over HTTP: whom and what a place holds, by one call."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from rescue_app.api.exposure_query import ExposureQuery
from rescue_app.exposure.service import Exposure
from rescue_app.http.dependencies import Db, Now, Who

router = APIRouter(prefix="/api/v1", tags=["exposure"])
METHOD = "areal weighting: people are taken to live evenly over their street"


class StreetOut(BaseModel):
    """A street's part; `people` is empty where nobody said how many live in the street."""

    area_path: str
    name: str
    name_en: str
    share: float
    population: int | None
    people: int | None


class HomesOut(BaseModel):
    """Households of the register."""

    households: int
    people: int
    frail: int


class ExposureOut(BaseModel):
    """What a place holds; `households` is empty for whom the register is closed."""

    title: str
    area_km2: float | None
    method: str
    people: int
    streets_known: int
    streets_unknown: int
    streets: list[StreetOut]
    households: HomesOut | None
    points: dict[str, Any]
    assets: dict[str, int]

    @classmethod
    def of(cls, found: Exposure) -> "ExposureOut":
        """Give it as programs read it."""
        homes = found.homes
        return cls(
            title=found.ground.title,
            area_km2=found.area_km2,
            method=METHOD,
            people=found.residents.people,
            streets_known=found.residents.known,
            streets_unknown=found.residents.unknown,
            streets=[
                StreetOut(
                    area_path=one.path, name=one.name, name_en=one.name_en, share=one.share,
                    population=one.population, people=one.people,
                )
                for one in found.streets
            ],
            households=homes and HomesOut(
                households=homes.households, people=homes.people, frail=homes.frail
            ),
            points=found.points,
            assets={kind.code: count for kind, count in found.assets},
        )  # fmt: skip


@router.get("/exposure")
def exposure(db: Db, who: Who, now: Now, asked: Annotated[ExposureQuery, Query()]) -> ExposureOut:
    """Say whom and what an area, a drawn shape, a warning or an incident's place holds."""
    return ExposureOut.of(asked.exposure(db, who, now))
