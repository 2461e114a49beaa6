"""From answers to defects: what a visit hands over to the findings."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from hazards.checklists import visits as rules
from hazards.checklists.repository import Checklist
from hazards.checklists.rules import Judged
from hazards.checklists.visits import Outcome
from qr_codes.assets.models import Asset
from qr_codes.findings import repository as findings
from qr_codes.findings import service as verbs
from qr_codes.findings.models import Finding
from qr_codes.findings.repository import OTHER
from qr_codes.findings.service import Defect, Seen


def defects_of(
    checklist: Checklist, judged: Sequence[Judged], *, outcome: Outcome, note: str
) -> list[Defect]:
    """Give what was found bad; words alone are a defect that the list does not know."""
    found = [
        Defect(
            template_code=checklist.code,
            item_code=one.item.code,
            text_zh=one.item.text_zh,
            text_en=one.item.text_en,
            answer=rules.shown(one.item, one.value),
            grade=one.item.grade,
            stop=one.item.stop,
            note=note,
        )
        for one in judged
        if one.bad
    ]
    if found or outcome is not Outcome.PROBLEM:
        return found
    other = rules.OTHER_GRADE
    return [
        Defect(
            checklist.code, OTHER, "其他问题", "Another problem", "", other, stop=False, note=note
        )
    ]


def follow_up(
    session: Session, asset: Asset, defects: Sequence[Defect], *, seen: Seen
) -> tuple[list[Finding], list[Finding]]:
    """Open a finding for every defect, or join the one that is open already."""
    results = [verbs.see(session, asset=asset, defect=one, seen=seen) for one in defects]
    if results:
        findings.refresh_danger(session, asset.id)
    return [f for f, new in results if new], [f for f, new in results if not new]
