"""What ships of this floor in `data/`: times of findings, questions, what cameras can tell of."""

from pathlib import Path

from sqlalchemy.orm import Session

from qr_codes.evaluation import loader as evaluation
from qr_codes.findings import deadlines
from qr_codes.sightings import loader as sightings


def load(session: Session, data: Path) -> None:
    """Bring times of findings, the city's questions and kinds of events to what the files say."""
    deadlines.load(session, data / "findings")
    evaluation.load(session, data / "findings")
    sightings.load(session, data / "monitoring" / "sightings.yaml")
