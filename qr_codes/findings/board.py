"""SQL for the street's board: columns by state, what nobody has on top, a photo on each card."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, contains_eager

from gis.store.files import PICTURES, StoredFile
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.assets.rules import IN_FORCE
from qr_codes.findings.models import Finding, FindingStep
from qr_codes.findings.repository import Shown, Wanted, chosen, kinds
from qr_codes.findings.rules import State, Step
from qr_codes.findings.service import FILES

COLUMNS = (State.DISCOVERED, State.ACCEPTED, State.IN_HAND, State.FINISHED, State.VERIFIED)
MOST_CARDS = 40


@dataclass
class Column:
    """One state: the cards that are shown, and how many there are."""

    cards: list[Finding] = field(default_factory=list)
    total: int = 0


def columns(session: Session, wanted: Wanted) -> dict[State, Column]:
    """Give the cards of each state: without owner first, then by deadline, then by grade."""
    order = (
        Finding.unowned_since.asc().nulls_last(),
        Finding.due_at.asc().nulls_last(),
        Finding.grade,
        Finding.id,
    )
    place = func.row_number().over(partition_by=Finding.state, order_by=order)
    total = func.count().over(partition_by=Finding.state)
    ranked = (
        select(Finding.id, place.label("place"), total.label("total"))
        .join(Finding.asset)
        .where(Finding.state.in_(COLUMNS), *chosen(wanted))
        .subquery()
    )
    query = (
        select(Finding, ranked.c.total)
        .join(ranked, ranked.c.id == Finding.id)
        .join(Finding.asset)
        .join(Asset.type)
        .where(ranked.c.place <= MOST_CARDS)
        .options(contains_eager(Finding.asset).contains_eager(Asset.type))
        .order_by(ranked.c.place)
    )
    found = {state: Column() for state in COLUMNS}
    for finding, number in session.execute(query):
        column = found[State(finding.state)]
        column.cards.append(finding)
        column.total = number
    return found


def figures(session: Session, wanted: Wanted) -> dict[Shown, int]:
    """Count what is due today, late, with others, with nobody."""
    if wanted.now is None:
        return {}
    conditions = kinds(wanted.now, wanted.mine)
    query = select(*(func.count().filter(condition) for condition in conditions.values()))
    row = session.execute(query.where(Finding.state.in_(COLUMNS))).one()
    return dict(zip(conditions, row, strict=True))


def photos(session: Session, finding_ids: Collection[UUID], *, of_visits: str) -> dict[UUID, UUID]:
    """Give the first picture of each finding: of its step, or a file of that kind of its visit."""
    file, step = StoredFile, FindingStep
    query = (
        select(step.finding_id, file.id)
        .join(file, file.ref.in_((step.id, step.inspection_id)))
        .where(
            step.finding_id.in_(finding_ids),
            file.kind.in_((FILES, of_visits)),
            file.media_type.in_(PICTURES),
        )
        .order_by(step.finding_id, step.done_at, file.created_at)
        .ext(distinct_on(step.finding_id))
    )
    return dict(session.execute(query).all())


def to_verify(session: Session, *, by_id: UUID, under: str = "/") -> list[tuple[Finding, str]]:
    """Give what is called finished, by others, with the code that hangs there; the worst first."""
    finished = exists().where(
        FindingStep.finding_id == Finding.id,
        FindingStep.act == Step.FINISH,
        FindingStep.actor_id == by_id,
    )
    query = (
        select(Finding, RiskCode.code)
        .join(Finding.asset)
        .join(Asset.type)
        .join(RiskCode, RiskCode.asset_id == Asset.id)
        .where(Finding.area_path.startswith(under, autoescape=True))
        .where(Finding.state == State.FINISHED, RiskCode.state.in_(IN_FORCE), ~finished)
        .options(contains_eager(Finding.asset).contains_eager(Asset.type))
        .order_by(Finding.grade, Finding.due_at.asc().nulls_last(), Finding.id)
        .limit(MOST_CARDS)
    )
    return [(finding, code) for finding, code in session.execute(query)]
