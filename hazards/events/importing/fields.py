"""What a catalogue of disasters may bring of each record."""

from sqlalchemy.orm import Session

from gis.exchange.importing.fields import Field, Kind
from hazards.events.rules import TimePrecision
from hazards.points import types

AREA = "area"
"""The code or name of an area in which it happened, for rows that have no coordinates."""


def catalogue_fields(session: Session) -> tuple[Field, ...]:
    """Give the fields a catalogue may bring; `number` is its own id of the record.

    When it happened is one moment, or a year with the month and day as far as they are known. How
    far the truth may lie is told in metres, by the size of an area whose middle the place is, or
    by the area that stands for a place.
    """
    precisions = {str(p): str(p) for p in TimePrecision}
    return (
        Field("source", required=True, longest=100),
        Field("number", required=True, longest=100),
        Field("hazard_type", Kind.CODE, required=True, codes=types.words(session)),
        Field("title", longest=500),
        Field("happened_at", Kind.MOMENT),
        Field("year", Kind.WHOLE, least=1, most=9999),
        Field("month", Kind.WHOLE, least=1, most=12),
        Field("day", Kind.WHOLE, least=1, most=31),
        Field("time_precision", Kind.CODE, codes=precisions),
        Field("location_accuracy_m", Kind.DECIMAL, least=0, most=1e6),
        Field("affected_km2", Kind.DECIMAL, least=0, most=1e7),
        Field(AREA, longest=200),
        Field("deaths", Kind.WHOLE, least=0),
        Field("injured", Kind.WHOLE, least=0),
        Field("loss_10k_yuan", Kind.DECIMAL, least=0, most=1e11),
        Field("raw", Kind.FACTS),
    )
