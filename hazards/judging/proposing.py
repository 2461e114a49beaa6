"""What stands at stations becomes a warning for a person to approve, and he is called about it.

One warning for each rule and district: its gravest colour, in the streets where stations stand.
It is proposed again only when it grows, or when its time is over and the stations still stand.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.store.engine import Sessions, unit_of_work
from gis.store.scope import PROGRAM, SYSTEM
from hazards.alerts import service as alerts
from hazards.alerts.models import Alert
from hazards.alerts.rules import AlertDraft, Colour, Source, State
from hazards.judging import live, repository
from hazards.judging.models import JudgingStanding, RuleVersion
from hazards.judging.rules import RANK

SPACE = UUID("7c0f2f8e-5b1d-4c55-9a2c-0d6a3f1e9b42")
HOLDS = timedelta(hours=6)
"""How long a proposed warning holds; the approver may write another time."""
REPLACED = "更新的预警建议已提出 · a newer proposal took its place"


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands in one district by one rule."""

    colour: Colour
    paths: frozenset[str]
    point_id: UUID
    """The station that stands highest."""


def look(sessions: Sessions, *, now: datetime) -> int:
    """Propose what stands and is not proposed yet; give how many warnings."""
    with unit_of_work(sessions, SYSTEM) as session:
        made = [
            alert
            for version in repository.in_force(session)
            for district, ground in grounds(session, version).items()
            if (alert := _propose(session, version, district, ground, now=now))
        ]
    return len(made)


def grounds(session: Session, version: RuleVersion) -> Mapping[str, Ground]:
    """Give what stands by a rule, district by district."""
    query = select(JudgingStanding).where(
        JudgingStanding.rule_code == version.code, JudgingStanding.colour.is_not(None)
    )
    by_district: dict[str, list[JudgingStanding]] = defaultdict(list)
    for row in session.scalars(query.order_by(JudgingStanding.point_id)):
        by_district[district_of(row.area_path)].append(row)
    found = {}
    for district, rows in by_district.items():
        worst = max(rows, key=lambda row: RANK[repository.colour_of(row.colour)])
        paths = frozenset(row.area_path for row in rows)
        found[district] = Ground(Colour(worst.colour or ""), paths, worst.point_id)
    return found


def district_of(area_path: str) -> str:
    """Give the path of the district that an area lies in; the city's own is the city's."""
    return "/" + "".join(f"{code}/" for code in area_path.split("/")[1:3] if code)


def _propose(
    session: Session, version: RuleVersion, district: str, ground: Ground, *, now: datetime
) -> Alert | None:
    last = _last(session, version.code, district, now=now)
    if last is not None and _covers(last, ground):
        return None
    ref = f"{version.code}@{district}@{now.isoformat(timespec='seconds')}"
    if last is not None and last.state == State.DRAFT:
        alerts.drop(session, alert_id=last.id, by=PROGRAM, now=now, why=REPLACED)
    follows = last.id if last is not None and last.state == State.ISSUED else None
    draft = AlertDraft(
        id=uuid5(SPACE, ref),
        colour=ground.colour,
        hazard_type=live.entry_of(version).hazard_type,
        expires_at=now + HOLDS,
        area_paths=tuple(sorted(ground.paths)),
        why=_why(session, version, ground),
        follows=follows,
        source=Source.RULE,
        source_ref=ref,
    )
    made_up = repository.station(session, ground.point_id).synthetic
    return alerts.propose(session, draft=draft, by=PROGRAM, now=now, synthetic=made_up)


def _last(session: Session, code: str, district: str, *, now: datetime) -> Alert | None:
    """Give the last warning of a rule in a district while its time runs, whatever became of it."""
    query = select(Alert).where(
        Alert.source == Source.RULE,
        Alert.source_ref.startswith(f"{code}@{district}@", autoescape=True),
        Alert.proposed_at > now - HOLDS,
    )
    return session.scalars(query.order_by(Alert.proposed_at.desc()).limit(1)).first()


def _covers(last: Alert, ground: Ground) -> bool:
    """Tell whether a warning says all that stands: who threw it away did so knowing of it."""
    held = all(any(path.startswith(area) for area in last.area_paths) for path in ground.paths)
    return held and RANK[Colour(last.colour)] >= RANK[ground.colour]


def _why(session: Session, version: RuleVersion, ground: Ground) -> str:
    station = repository.station(session, ground.point_id).name
    last = repository.reason(session, ground.point_id, version.code, ground.colour)
    return f"{station}：{last.why_zh} · {last.why_en}" if last else station
