"""The shape of one word of a gateway, as it comes in."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gis.errors import Rejected

SAID_LENGTH = 500


class Unclear(Rejected):
    """An answer that says too little; `reply` asks the person for the rest, in his language."""

    def __init__(self, text: str, *, reply: str, **values: object) -> None:
        super().__init__(text, **values)
        self.reply = reply


class EventIn(BaseModel):
    """One word of a gateway."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    id: str = Field(min_length=1, max_length=100)
    type: Literal["accepted", "delivered", "seen", "failed", "answer"]
    message: UUID | None = None
    at: AwareDatetime | None = None
    because: str = Field(default="", max_length=SAID_LENGTH)
    phone: str = Field(default="", alias="from", max_length=40)
    text: str = Field(default="", max_length=SAID_LENGTH)
