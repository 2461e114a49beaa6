"""What a catalogue of disasters may bring of each record."""

from sqlalchemy.orm import Session

from gis.exchange.importing.fields import Field, Kind
from hazards.events.rules import TimePrecision
from hazards.points import types


def catalogue_fields(session: Session) -> tuple[Field, ...]:
    """Give the fields a catalogue may bring; `number` is its own id of the record."""
    precisions = {str(p): str(p) for p in TimePrecision}
    return (
        Field("source", required=True, longest=100),
        Field("number", required=True, longest=100),
        Field("hazard_type", Kind.CODE, required=True, codes=types.words(session)),
        Field("title", longest=500),
        Field("happened_at", Kind.MOMENT, required=True),
        Field("time_precision", Kind.CODE, codes=precisions),
        Field("location_accuracy_m", Kind.DECIMAL, least=0, most=1e6),
        Field("deaths", Kind.WHOLE, least=0),
        Field("injured", Kind.WHOLE, least=0),
        Field("loss_10k_yuan", Kind.DECIMAL, least=0, most=1e11),
        Field("raw", Kind.FACTS),
    )
