"""What ships of this floor in `data/`: words that lists and files are made of."""

from pathlib import Path

from sqlalchemy.orm import Session

from hazards.alerts import loader as alerts
from hazards.cap import loader as cap
from hazards.duty import abilities
from hazards.judging import publishing as judging
from hazards.monitoring import properties
from hazards.points import types


def load(session: Session, data: Path) -> None:
    """Bring types, abilities, properties, rules and warning colours to what the files say."""
    types.load(session, data / "hazard_types.yaml")
    abilities.load(session, data / "duty" / "abilities.yaml")
    properties.load(session, data / "monitoring" / "properties.yaml")
    alerts.load(session, data / "alerts" / "colours.yaml")
    cap.load(session, data / "alerts" / "events.yaml")
    judging.load(session, data / "monitoring" / "rules.yaml")
