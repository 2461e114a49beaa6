"""What is done about an alert stands in its log, and open pages that it concerns hear of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Actor
from gis.store import audit
from gis.store.base import new_id
from gis.store.notify import announce
from hazards.alerts import repository
from hazards.alerts.models import Alert
from hazards.alerts.rules import TOPIC, Words
from hazards.calls.program import as_program
from hazards.duty import repository as duty


def keep(
    session: Session, alert: Alert, kind: str, *, by: Actor, now: datetime, note: str = ""
) -> None:
    """Add a line to the log and tell the pages of all whom the alert concerns."""
    row = {
        "id": new_id(),
        "alert_id": alert.id,
        "area_path": alert.area_path,
        "kind": str(kind),
        "at": now,
        "by_id": by.id,
        "by_name": by.name,
        "note": note,
    }
    repository.add_step(session, row)
    audit.record(
        session, act=f"alert.{kind}", subject=alert.id, area_path=alert.area_path, note=note,
        colour=alert.colour, hazard=alert.hazard_type, where=alert.where_zh,
    )  # fmt: skip
    also = repository.centres_in(session, alert.reach, day=day_of(now))
    announce(
        session, topic=TOPIC, kind=str(kind), ref=alert.id, area_path=alert.area_path, also=also
    )


def issuer(session: Session, by: Actor) -> Words:
    """Give in whose name an alert goes out: the centre of who approved it."""
    with as_program(session):
        centre = duty.centre_of(session, by.area_path)
    return Words(centre.name, centre.name_en or centre.name) if centre else Words(by.name, by.name)
