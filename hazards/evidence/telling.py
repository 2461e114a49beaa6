"""Everything that happens to the evidence is logged, and told to live pages."""

from sqlalchemy.orm import Session

from gis.store import audit, notify
from hazards.evidence.models import EvidenceProposal, EvidenceSearch

TOPIC = "evidence"


def say(
    session: Session, row: EvidenceSearch | EvidenceProposal, act: str, where: str, **facts: object
) -> None:
    """Tell the audit log and live pages."""
    audit.record(session, act=f"{TOPIC}.{act}", subject=row.id, area_path=where, **facts)
    notify.announce(session, topic=TOPIC, kind=act, ref=row.id, area_path=where)
