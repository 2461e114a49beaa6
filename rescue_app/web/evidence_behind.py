"""The disaster records behind a point of the ledger, as its page shows them."""

from typing import Any

from sqlalchemy.orm import Session

from hazards.events.models import DisasterEvent
from hazards.events.rules import said
from hazards.evidence import repository
from hazards.evidence.backing import LIKELY_FROM, REACH_M, certainty, share_within
from hazards.points.models import HazardPoint

Facts = dict[str, Any]


def day_of(event: DisasterEvent) -> str:
    """Say when a record was, no more exactly than it is known."""
    return said(event.happened_at, event.time_precision)


def behind(db: Session, point: HazardPoint) -> list[Facts]:
    """Give the records that stand behind a point of the ledger, the surest first."""
    family = repository.family_of(db, point.hazard_type)
    found: list[Facts] = []
    for event, away in repository.around(db, point.place, family=family, reach_m=REACH_M):
        share = share_within(away, accuracy_m=event.location_accuracy_m)
        if share >= LIKELY_FROM:
            facts = {"event": event, "day": day_of(event), "away_m": away, "share": share}
            found.append(facts | {"sure": certainty(share)})
    return sorted(found, key=lambda fact: (-fact["share"], fact["away_m"]))
