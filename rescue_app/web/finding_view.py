"""What stands on the pages of one finding, by who looks at it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store import files
from gis.store.base import new_id
from gis.store.files import StoredFile
from qr_codes.findings import keeping, repository, rights, routing
from qr_codes.findings.models import Finding, FindingStep
from qr_codes.findings.rules import NEEDS_UNIT, State, Step
from qr_codes.findings.service import FILES


def facts(session: Session, finding: Finding, *, by: Actor) -> dict[str, Any]:
    """Give a finding with its hops and photos, and what this person can do next."""
    steps = repository.steps(session, finding.id)
    pictures = files.attached(session, FILES, [step.id for step in steps])
    area, found_by = finding.area_path, finding.found_by
    nexts = rights.open_steps(keeping.read(steps), by=by, found_by=found_by, area_path=area)
    asks_office = NEEDS_UNIT.intersection(nexts)
    return {
        "finding": finding,
        "steps": steps,
        "pictures": pictures,
        "nexts": nexts,
        "plain": rights.plain_steps(nexts),
        "offices": routing.offices(session, area) if asks_office else (),
        "pair": before_and_after(steps, pictures),
        "step_id": new_id(),
        "states": list(State),
    }


def before_and_after(
    steps: Sequence[FindingStep], pictures: Mapping[UUID, Sequence[StoredFile]]
) -> tuple[StoredFile | None, StoredFile | None]:
    """Give the first picture of it, and the one of its last verification."""
    shown = [(step.act, file) for step in steps for file in pictures[step.id] if file.is_picture]
    first = next((file for act, file in shown if act != Step.VERIFY), None)
    last = next((file for act, file in reversed(shown) if act == Step.VERIFY), None)
    return first, last
