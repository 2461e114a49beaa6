"""A label that is scanned far from its asset again and again: the street has to answer for it."""

from collections.abc import Sequence
from itertools import takewhile

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from hazards.checklists import figures
from hazards.checklists.visits import FAR_M
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.assets.rules import CodeState
from qr_codes.findings.models import Finding
from qr_codes.findings.repository import ABOUT_LABEL
from qr_codes.findings.service import Defect, Seen
from qr_codes.inspections import repository
from qr_codes.inspections.defects import follow_up
from qr_codes.inspections.models import Inspection

FIGURE = "label_moved_m"
GOOD_M = 30.0
"""A phone that is less sure of where it is proves nothing: GPS lies under bridges."""
LEAST = 2
"""So many people, or days: one scan may be of a photo of the label."""
GRADE = 4
"""No danger by itself: it waits for the office, and wakes nobody."""
TEXT_ZH = "标签可能移位：请到场挂回、换新，或注明是定位误差"
TEXT_EN = "Label perhaps moved: hang it back, replace it, or note that the position was wrong"


def look(
    session: Session, inspection: Inspection, asset: Asset, *, seen: Seen
) -> tuple[list[Finding], list[Finding]]:
    """Open a finding about the label when scans agree that it hangs elsewhere, or join it."""
    if inspection.code_id is None or not strays(inspection, 0):
        return [], []  # on the spot, whatever the figure is
    limit_m = figures.value_at(session, FIGURE, asset.area_path, default=FAR_M)
    if not strays(inspection, limit_m):
        return [], []
    label = session.get_one(RiskCode, inspection.code_id)
    if label.state not in (CodeState.MOUNTED, CodeState.DAMAGED):
        return [], []
    scans = repository.sure_scans(session, label, within_m=GOOD_M, now=seen.received_at)
    if not agree(scans, limit_m):
        return [], []
    metres = f"{inspection.distance_m:.0f} m"
    moved = Defect(ABOUT_LABEL, "moved", TEXT_ZH, TEXT_EN, metres, GRADE, stop=False, note="")
    return follow_up(session, asset, [moved], seen=seen)


def strays(scan: Inspection, limit_m: float) -> bool:
    """Tell whether a scan was surely further away than the setting."""
    if scan.distance_m is None or scan.accuracy_m is None or scan.accuracy_m > GOOD_M:
        return False
    return scan.distance_m - scan.accuracy_m > limit_m


def agree(scans: Sequence[Inspection], limit_m: float) -> bool:
    """Tell whether the last scans, newest first, agree; one on the spot ends it."""
    run = takewhile(lambda scan: strays(scan, limit_m), scans)
    return len({(scan.actor_id, day_of(scan.done_at)) for scan in run}) >= LEAST
