"""Verbs of evaluation: draw a sample of what was closed, score it, send it back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Rejected
from gis.store import audit
from gis.store.base import new_id
from gis.store.notify import announce
from hazards.checklists.rules import bounded
from qr_codes.evaluation import repository, rules
from qr_codes.evaluation.models import FindingSample, SampledFinding, SampleStratum
from qr_codes.evaluation.repository import Closed
from qr_codes.evaluation.rules import Quota, Stratum
from qr_codes.findings import repository as findings
from qr_codes.findings import service as loop
from qr_codes.findings.rules import Step
from qr_codes.findings.service import Deed

TOPIC = "evaluation"
MOST_SEED = 60


@dataclass(frozen=True, slots=True)
class Draw:
    """What is to be drawn. The same id twice is one draw."""

    id: UUID
    seed: str
    closed_from: date
    closed_to: date
    quotas: tuple[Quota, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What an evaluator says of one finding; the same id twice is said once."""

    id: UUID
    marks: Mapping[str, str]
    words: str = ""
    send_back: bool = False


def draw(session: Session, asked: Draw, *, by: Actor, now: datetime) -> FindingSample:
    """Draw a sample of the findings of one's area that were closed on some days."""
    require(by, Act.EVALUATE_FINDING, by.area_path)
    kept = session.get(FindingSample, asked.id)
    if kept is not None:
        return kept
    seed = bounded(asked.seed, most=MOST_SEED)
    if not seed or asked.closed_to < asked.closed_from:
        raise Rejected("Give a seed, and days of which the first is not after the last.")
    those = Closed(by.area_path, asked.closed_from, asked.closed_to)
    closed = repository.strata(session, those)
    sizes = rules.allotted(closed, asked.quotas)
    made = FindingSample(
        id=asked.id, area_path=by.area_path, seed=seed, closed_from=asked.closed_from,
        closed_to=asked.closed_to, quotas=[asdict(one) for one in asked.quotas],
        drawn_at=now, drawn_by=by.id, drawn_by_name=by.name,
    )  # fmt: skip
    session.add(made)
    session.flush()  # what was drawn needs its row
    most = max(sizes.values())
    lots = repository.ranked(session, those, seed=seed, most=most)
    fill(session, made, closed, sizes, lots)
    audit.record(
        session, act="finding.sampled", subject=made.id, area_path=by.area_path,
        seed=seed, drawn=sum(sizes.values()),
    )  # fmt: skip
    districts = tuple(sorted({district for district, _ in closed}))
    announce(
        session, topic=TOPIC, kind="drawn", ref=made.id, area_path=by.area_path, also=districts
    )
    return made


def fill(
    session: Session,
    sample: FindingSample,
    closed: Mapping[Stratum, int],
    sizes: Mapping[Stratum, int],
    lots: Sequence[tuple[repository.Drawn, int]],
) -> None:
    """Write down the strata and, of each, the first so many."""
    session.add_all(
        SampleStratum(
            id=new_id(), sample_id=sample.id, area_path=district, grade=grade,
            closed=number, drawn=sizes[district, grade],
        )
        for (district, grade), number in closed.items()
    )  # fmt: skip
    session.add_all(
        SampledFinding(
            id=new_id(), sample_id=sample.id, finding_id=one.id, area_path=one.area_path,
            district_path=one.district, grade=one.grade, unit_name=one.unit_name,
            unit_name_en=one.unit_name_en, marks=None,
        )
        for one, place in lots
        if place <= sizes[one.district, one.grade]
    )  # fmt: skip


def evaluate(
    session: Session, *, sample_id: UUID, finding_id: UUID, said: Said, by: Actor, now: datetime
) -> SampledFinding:
    """Score one finding of a sample; what is not mended for good goes back to work."""
    require(by, Act.EVALUATE_FINDING, repository.drawn(session, sample_id, finding_id).area_path)
    item = repository.drawn(session, sample_id, finding_id, lock=True)
    before = findings.step(session, said.id)
    if before is not None:
        if (before.finding_id, before.act, before.actor_id) != (finding_id, Step.EVALUATE, by.id):
            raise Conflict("This step was already taken with another content.")
        return item
    words = bounded(said.words)
    item.marks = rules.marked(repository.criteria(session), said.marks)
    item.words, item.evaluated_at, item.evaluated_by = words, now, by.id
    got, of = (sum(mark[name] for mark in item.marks) for name in ("points", "of"))
    score = Deed(said.id, Step.EVALUATE, note=f"{got}/{of} {words}".strip())
    loop.take(session, finding_id=finding_id, deed=score, by=by, now=now)
    if said.send_back:
        back = Deed(uuid5(said.id, "back"), Step.SEND_BACK, note=words)
        loop.take(session, finding_id=finding_id, deed=back, by=by, now=now)
    return item
