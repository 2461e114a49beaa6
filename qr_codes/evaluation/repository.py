"""SQL for samples of closed findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, cast, exists, func, select
from sqlalchemy.orm import Session, contains_eager
from sqlalchemy.types import Text

from gis.areas.placing import CITY_ZONE
from gis.errors import Missing
from qr_codes.assets.models import Asset
from qr_codes.evaluation.models import (
    Criterion,
    FindingSample,
    SampledFinding,
    SampleQuota,
    SampleStratum,
)
from qr_codes.evaluation.rules import Stratum
from qr_codes.findings.models import Finding, FindingStep
from qr_codes.findings.rules import State, Step

PAGE_ROWS = 50
LISTED = 60
DISTRICT = func.substring(Finding.area_path, "^(/[^/]+/[^/]+/)")
IN_DISTRICT = func.coalesce(DISTRICT, Finding.area_path)
SENT_BACK = exists().where(
    FindingStep.finding_id == SampledFinding.finding_id,
    FindingStep.act == Step.SEND_BACK,
    FindingStep.done_at >= FindingSample.drawn_at,
)
"""Sent back since it was drawn, from whichever page."""


class Shown(StrEnum):
    """Which of a sample a list shows; all when nothing is asked for."""

    WAITING = "waiting"
    EVALUATED = "evaluated"
    SENT_BACK = "sent_back"


SHOWN: dict[Shown, ColumnElement[bool]] = {
    Shown.WAITING: and_(SampledFinding.marks.is_(None), ~SENT_BACK),
    Shown.EVALUATED: SampledFinding.marks.is_not(None),
    Shown.SENT_BACK: SENT_BACK,
}


@dataclass(frozen=True, slots=True)
class Closed:
    """Findings of an area that were closed on some days, the last one too."""

    under: str
    since: date
    until: date

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """Say it to the database; days are the city's."""
        start, end = (
            datetime.combine(day, time(), CITY_ZONE)
            for day in (self.since, self.until + timedelta(days=1))
        )
        return (
            func.starts_with(Finding.area_path, self.under),
            Finding.closed_at >= start,
            Finding.closed_at < end,
            Finding.state != State.SET_ASIDE,
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finding that a draw took, as the draw needs it."""

    id: UUID
    area_path: str
    district: str
    grade: int
    unit_name: str
    unit_name_en: str


def criteria(session: Session) -> Sequence[Criterion]:
    """Give what is asked, in its order."""
    return session.scalars(select(Criterion).order_by(Criterion.position)).all()


def quotas(session: Session) -> Sequence[SampleQuota]:
    """Give how much is drawn by default, by grade."""
    return session.scalars(select(SampleQuota).order_by(SampleQuota.grade)).all()


def strata(session: Session, closed: Closed) -> dict[Stratum, int]:
    """Count what was closed, by district and grade."""
    query = select(IN_DISTRICT, Finding.grade, func.count()).where(*closed.conditions())
    rows = session.execute(query.group_by(IN_DISTRICT, Finding.grade))
    return {(district, grade): number for district, grade, number in rows}


def ranked(
    session: Session, closed: Closed, *, seed: str, most: int
) -> Sequence[tuple[Drawn, int]]:
    """Give the first of each stratum in the order of `md5(seed:id)`, with their places.

    Whoever has the seed and the ids makes the same order again, on any machine.
    """
    lot = func.md5(func.concat(seed, ":", cast(Finding.id, Text)))
    place = func.row_number().over(
        partition_by=(IN_DISTRICT, Finding.grade), order_by=(lot, Finding.id)
    )
    inner = select(
        Finding.id, Finding.area_path, IN_DISTRICT.label("district"), Finding.grade,
        Finding.unit_name, Finding.unit_name_en, place.label("place"),
    ).where(*closed.conditions()).subquery()  # fmt: skip
    rows = session.execute(select(inner).where(inner.c.place <= most)).all()
    return [(Drawn(*row[:-1]), row.place) for row in rows]


def samples(session: Session) -> Sequence[tuple[FindingSample, int, int]]:
    """Give the draws one may see with what was drawn and evaluated there, the latest first."""
    query = (
        select(FindingSample, func.count(SampledFinding.id), func.count(SampledFinding.marks))
        .join(SampledFinding, SampledFinding.sample_id == FindingSample.id)
        .group_by(FindingSample.id)
        .order_by(FindingSample.drawn_at.desc())
        .limit(LISTED)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def sample(session: Session, sample_id: UUID) -> FindingSample:
    """Give a draw; one with nothing of one's own area in it does not exist."""
    held = exists().where(SampledFinding.sample_id == FindingSample.id)
    found = session.scalar(select(FindingSample).where(FindingSample.id == sample_id, held))
    if found is None:
        raise Missing("There is no such sample with findings of your area.")
    return found


def counted(session: Session, sample_id: UUID) -> Sequence[SampleStratum]:
    """Give what was closed and drawn in each stratum."""
    return session.scalars(select(SampleStratum).where(SampleStratum.sample_id == sample_id)).all()


def results(session: Session, sample_id: UUID) -> Sequence[tuple[SampledFinding, bool]]:
    """Give all that was drawn, and whether it was sent back."""
    query = select(SampledFinding, SENT_BACK).join(SampledFinding.sample)
    rows = session.execute(query.where(SampledFinding.sample_id == sample_id))
    return [(row[0], row[1]) for row in rows]


def with_findings(sample_id: UUID) -> Select[SampledFinding, bool]:
    """Select what was drawn with its finding and asset, in the order it is read."""
    return (
        select(SampledFinding, SENT_BACK)
        .join(SampledFinding.sample)
        .join(SampledFinding.finding)
        .join(Finding.asset)
        .join(Asset.type)
        .where(SampledFinding.sample_id == sample_id)
        .options(
            contains_eager(SampledFinding.finding)
            .contains_eager(Finding.asset)
            .contains_eager(Asset.type)
        )
        .order_by(SampledFinding.district_path, SampledFinding.grade, SampledFinding.id)
    )


def listing(
    session: Session, sample_id: UUID, *, show: Shown | None, page: int
) -> tuple[Sequence[tuple[SampledFinding, bool]], int]:
    """Give one page of what was drawn, and the number of all that fit."""
    query = with_findings(sample_id)
    if show is not None:
        query = query.where(SHOWN[show])
    plain = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    total = session.scalar(plain) or 0
    rows = session.execute(query.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS))
    return [(row[0], row[1]) for row in rows], total


def everything(session: Session, sample_id: UUID) -> Sequence[tuple[SampledFinding, bool]]:
    """Give a whole sample for a file."""
    return [(row[0], row[1]) for row in session.execute(with_findings(sample_id))]


def drawn(
    session: Session, sample_id: UUID, finding_id: UUID, *, lock: bool = False
) -> SampledFinding:
    """Give one finding of a sample."""
    query = select(SampledFinding).where(
        SampledFinding.sample_id == sample_id, SampledFinding.finding_id == finding_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise Missing("This finding is not in the sample. Open it from the list.")
    return found


def next_waiting(session: Session, sample_id: UUID, *, after: UUID) -> UUID | None:
    """Give the next finding that waits for its evaluation."""
    query = (
        select(SampledFinding.finding_id)
        .join(SampledFinding.sample)
        .where(SampledFinding.sample_id == sample_id, SampledFinding.finding_id != after)
        .where(SHOWN[Shown.WAITING])
        .order_by(SampledFinding.district_path, SampledFinding.grade, SampledFinding.id)
    )
    return session.scalar(query.limit(1))
