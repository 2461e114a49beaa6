"""Rule about two versions: what follows is up to whose versions they are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from hazards.conflicts import repository
from hazards.conflicts.models import VersionConflict
from hazards.conflicts.rules import About
from hazards.conflicts.service import Ruling
from hazards.tasks import contested as answers
from qr_codes.inspections import contested as visits

RULERS = {About.ASSET: visits.rule, About.TASK: answers.rule}


def rule(
    session: Session, *, conflict_id: UUID, ruling: Ruling, by: Actor, now: datetime
) -> VersionConflict:
    """Rule which version holds, with all that follows, in one transaction."""
    about = About(repository.visible(session, conflict_id).about)
    return RULERS[about](session, conflict_id=conflict_id, ruling=ruling, by=by, now=now)
