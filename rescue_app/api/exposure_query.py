"""Where exposure is asked for, as an address says it: drawn, an area, a warning, an incident."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Actor
from gis.errors import Rejected
from hazards.points.filters import PointFilter
from rescue_app.api.points_query import PointQuery
from rescue_app.exposure import service
from rescue_app.exposure.service import Exposure, Ground


class ExposureQuery(PointQuery):
    """The questions of the list of points, and two more places that it can be about."""

    alert: UUID | None = None
    incident: UUID | None = None

    def exposure(self, session: Session, by: Actor, now: datetime) -> Exposure:
        """Sum up what the place holds; the filters of points hold for points alone."""
        asked = self._points(session, now)
        ground = self.ground(session, by, now)
        return service.of(session, ground, asked=asked, by=by, on=day_of(now))

    def ground(self, session: Session, by: Actor, now: datetime) -> Ground:
        """Give the place."""
        asked = self._points(session, now)
        if asked.within is not None:
            return Ground(asked.within)
        if self.alert is not None:
            return service.of_alert(session, self.alert, buffer_m=self.buffer_m)
        if self.incident is not None:
            return service.of_incident(session, self.incident, buffer_m=self.buffer_m)
        if len(asked.areas) == 1:
            return service.of_area(session, asked.areas[0], by=by, on=day_of(now))
        raise Rejected("Say where: one area, a drawn shape, a warning or an incident.")

    def _points(self, session: Session, now: datetime) -> PointFilter:
        # Around a warning or an incident the metres widen that; points know no such place.
        elsewhere = self.polygon is None and (self.alert or self.incident) is not None
        plain = self.model_copy(update={"buffer_m": None}) if elsewhere else self
        return plain.filter(session, now)
