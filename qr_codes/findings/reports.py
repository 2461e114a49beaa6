"""SQL for what residents report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import cast, func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from qr_codes.assets.models import Asset
from qr_codes.findings.models import Finding, FindingStep, ReportKind, ResidentReport
from qr_codes.findings.repository import FROM_RESIDENTS, OTHER
from qr_codes.findings.rules import Step

NEAR_M, NEAR_IN_TIME = 60, timedelta(days=7)
"""Two residents who say "something else" within these may have seen one and the same."""
MOST_LIKELY = 10
SOURCE_BYTES = 16
"""Half for the address a report came from, half for the browser on it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A report with what became of it."""

    report: ResidentReport
    finding: Finding
    kind: ReportKind | None
    steps: Sequence[FindingStep]


def kinds(session: Session) -> Sequence[ReportKind]:
    """Give what can be reported, in its order."""
    return session.scalars(select(ReportKind).order_by(ReportKind.position)).all()


def since(session: Session, *, source: bytes, after: datetime) -> tuple[int, int]:
    """Count what one sender reported after a time, and what all behind the same address did."""
    address = source[: SOURCE_BYTES // 2]
    there = ResidentReport.source.between(address, address + b"\xff" * (SOURCE_BYTES // 2))
    own = func.count().filter(ResidentReport.source == source)
    query = select(own, func.count()).where(there, ResidentReport.reported_at > after)
    mine, everybody = session.execute(query).one()
    return mine, everybody


def at_asset(session: Session, asset_id: UUID, *, after: datetime) -> int:
    """Count what everybody reported at one asset after a time."""
    query = select(func.count()).where(
        ResidentReport.asset_id == asset_id, ResidentReport.reported_at > after
    )
    return session.scalar(query) or 0


def same_before(
    session: Session, *, source: bytes, asset_id: UUID, kind: str
) -> ResidentReport | None:
    """Give what the same sender reported of the same thing, while that is open."""
    query = (
        select(ResidentReport)
        .join(Finding, Finding.id == ResidentReport.finding_id)
        .where(
            ResidentReport.source == source,
            ResidentReport.asset_id == asset_id,
            ResidentReport.kind == kind,
            Finding.closed_at.is_(None),
        )
        .order_by(ResidentReport.reported_at)
        .limit(1)
    )
    return session.scalar(query)


def receipt(session: Session, number: str) -> Receipt | None:
    """Find a report by its number; the steps that a resident may know, in order."""
    query = (
        select(ResidentReport, Finding)
        .join(Finding, Finding.id == ResidentReport.finding_id)
        .join(Finding.asset)
        .join(Asset.type)
        .where(ResidentReport.receipt == number)
        .options(contains_eager(Finding.asset).contains_eager(Asset.type))
    )
    found = session.execute(query).first()
    if found is None:
        return None
    report, finding = found
    public = (Step.ACCEPT, Step.BEGIN, Step.FINISH, Step.REOPEN, Step.SEND_BACK, Step.VERIFY,
              Step.FEED_BACK)  # fmt: skip
    steps = select(FindingStep).where(
        FindingStep.finding_id == finding.id, FindingStep.act.in_(public)
    )
    steps = steps.order_by(FindingStep.done_at, FindingStep.id)
    kind = session.get(ReportKind, report.kind)
    return Receipt(report, finding, kind, session.scalars(steps).all())


@dataclass(frozen=True, slots=True)
class Likely:
    """Another open finding that may be the same: what was said of it, how far, how long apart."""

    finding: Finding
    words: str
    metres: float


def likely_same(session: Session, finding: Finding) -> list[Likely]:
    """Give open findings of residents' "something else" near this one in place and time.

    Words do not tell a machine whether two are one: an office looks, and nothing is merged.
    Without a place of the phone the asset itself is the place.
    """
    if (finding.template_code, finding.item_code) != (FROM_RESIDENTS, OTHER):
        return []
    mine, there, here = aliased(ResidentReport), ResidentReport, aliased(Asset)
    metres = func.ST_Distance(
        cast(func.coalesce(mine.place, here.place), Geography),
        cast(func.coalesce(there.place, Asset.place), Geography),
    )
    query = (
        select(Finding, there.words, metres)
        .select_from(mine)
        .join(here, here.id == mine.asset_id)
        .join(there, (there.kind == OTHER) & (there.finding_id != mine.finding_id))
        .join(Finding, Finding.id == there.finding_id)
        .join(Finding.asset)
        .join(Asset.type)
        .where(
            mine.finding_id == finding.id,
            Finding.closed_at.is_(None),
            there.reported_at.between(
                mine.reported_at - NEAR_IN_TIME, mine.reported_at + NEAR_IN_TIME
            ),
            metres <= NEAR_M,
        )
        .options(contains_eager(Finding.asset).contains_eager(Asset.type))
        .order_by(metres, there.reported_at)
        .limit(MOST_LIKELY)
    )
    return [Likely(*row) for row in session.execute(query)]
