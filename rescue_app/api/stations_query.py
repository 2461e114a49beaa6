"""Which stations a map asks for, as its address says it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hazards.judging.standing import Stands, StationsAsked


class StationQuery(BaseModel):
    """By what they measure and how they stand; empty means all."""

    model_config = ConfigDict(extra="forbid")
    station_kind: str = Field("", max_length=60, pattern=r"^[a-z_]*$")
    station_state: Stands | Literal[""] = ""
    as_of: date | None = None

    def meant(self) -> StationsAsked:
        """Give the question as the layer takes it."""
        return StationsAsked(self.station_kind, self.station_state or None)

    def is_past(self, today: date) -> bool:
        """Tell whether a day gone by is asked for: how stations stood then is kept on no map."""
        return self.as_of is not None and self.as_of < today
