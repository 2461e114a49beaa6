"""What a visit that is kept hands over to the findings: its defects, and a label that strays."""

from sqlalchemy.orm import Session

from qr_codes.findings.models import Finding
from qr_codes.findings.service import Seen
from qr_codes.inspections import straying
from qr_codes.inspections.defects import defects_of, follow_up
from qr_codes.inspections.models import Inspection
from qr_codes.inspections.visits import Came, Read


def findings_of(
    session: Session, came: Came, said: Read, inspection: Inspection
) -> tuple[list[Finding], list[Finding]]:
    """Open a finding for what a visit found bad, or join one."""
    seen = Seen(
        by=came.by,
        done_at=inspection.done_at,
        received_at=came.now,
        inspection_id=inspection.id,
    )
    defects = defects_of(said.checklist, said.judged, outcome=said.visit.outcome, note=came.note)
    opened, joined = follow_up(session, came.asset, defects, seen=seen)
    moved, still = straying.look(session, inspection, came.asset, seen=seen)
    return [*opened, *moved], [*joined, *still]
