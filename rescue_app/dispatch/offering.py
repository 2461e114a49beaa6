"""A counter-proposal: who cannot says what could be done instead, and its giver reads it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.errors import PlatformError, Rejected
from rescue_app.dispatch import repository, targets
from rescue_app.dispatch.calling import Said
from rescue_app.dispatch.drafts import Offer, Target, checked_part
from rescue_app.dispatch.models import Assignment, AssignmentStep


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as the giver reads it."""

    step: AssignmentStep
    name: str
    name_en: str
    due_at: datetime | None
    means: str


def named(session: Session, one: Said | PlatformError) -> Said | PlatformError:
    """Put a proposal into the words that are kept, or refuse one that its giver could not order.

    Called in the SYSTEM scope: who proposes need not see whom he proposes.
    """
    if isinstance(one, PlatformError) or one.step.offer is None:
        return one
    try:
        return replace(one, offer=json.dumps(_plain(session, one.step.offer, one.hop)))
    except PlatformError as refusal:
        return refusal


def _plain(session: Session, offer: Offer, hop: Assignment) -> dict[str, str | None]:
    means = checked_part(offer.means)
    other = offer.target if offer.target != own(hop) else None
    if other is None and offer.due_at is None and not means:
        raise Rejected("Propose another unit or crew, another time or other means.")
    found = targets.resolve(session, [other], inside=hop.giver_path) if other else []
    return {
        "target": other.value if other else None,
        "name": found[0].name if found else None,
        "name_en": found[0].name_en if found else None,
        "due_at": offer.due_at.isoformat() if offer.due_at else None,
        "means": means,
    }


def own(hop: Assignment) -> Target:
    """Give who holds a hop, as forms name him."""
    return Target("crew", hop.crew_id) if hop.crew_id else Target("unit", hop.unit_id)


def proposed(step: AssignmentStep) -> Proposed:
    """Read a proposal off the line it was said in."""
    said = step.offer or {}
    due = said.get("due_at")
    return Proposed(
        step,
        said.get("name") or "",
        said.get("name_en") or "",
        datetime.fromisoformat(due) if due else None,
        said.get("means") or "",
    )


def open_offers(session: Session, hops: Sequence[Assignment]) -> dict[UUID, Proposed]:
    """Give the open proposals of these hops, by hop."""
    found = repository.steps(session, [hop.offer_id for hop in hops if hop.offer_id])
    return {step.assignment_id: proposed(step) for step in found.values()}
