"""From where a chain is followed, as an address or a form says it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Rejected
from rescue_app.api.exposure_query import ExposureQuery
from rescue_app.api.points_query import Words
from rescue_app.chains.rules import Rain
from rescue_app.chains.service import About
from rescue_app.chains.starting import Asked


class ChainQuery(ExposureQuery):
    """A place as exposure takes it, or a point; and what happens there."""

    point: UUID | None = None
    begin: Words = ""
    mm: Annotated[float, Field(gt=0, le=2_000)] | None = None
    hours: Annotated[float, Field(gt=0, le=240)] | None = None

    def asked(self, session: Session, by: Actor, now: datetime) -> Asked:
        """Give it as the engine takes it."""
        if (self.mm is None) != (self.hours is None):
            raise Rejected("Rain is so many mm in so many hours: give both.")
        rain = Rain(self.mm, self.hours) if self.mm is not None and self.hours else None
        if self.point is not None:
            return Asked(point_id=self.point)
        ground = self.ground(session, by, now)
        warned, kind = self.alert is not None, ground.hazard_type
        return Asked(ground=ground, kind=self.begin, hazard_type=kind, rain=rain, warned=warned)

    @property
    def anywhere(self) -> bool:
        """Tell whether a place is named at all."""
        return bool(self.point or self.polygon or self.alert or self.incident or self.area)

    @property
    def about(self) -> About:
        """Give what a chain that is kept belongs to."""
        return About(self.point, self.incident, self.alert)
