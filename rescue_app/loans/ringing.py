"""A loan rings: at the lender until somebody decides, then at the borrower and at the crew."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.store.scope import PROGRAM
from hazards.calls import hearing
from hazards.calls import service as calls
from hazards.calls.drafts import TEXT_LENGTH, AnswerDraft, CallDraft, Step
from hazards.calls.hearing import Word
from hazards.calls.program import as_program
from hazards.calls.rules import EventKind, RungKind, Urgency
from hazards.duty.models import Crew
from rescue_app.dispatch import callees
from rescue_app.dispatch.drafts import Holder
from rescue_app.dispatch.rules import HopKind
from rescue_app.loans.models import CrewLoan

TOPIC = "loan"
Said = tuple[str, str]


def ask(session: Session, loan: CrewLoan, *, now: datetime) -> None:
    """Call the lender's centre, its deputy, then those above, until somebody takes it on."""
    about = f"{loan.words}（{loan.incident_title}）" if loan.incident_title else loan.words
    about_en = f"{loan.words} ({loan.incident_title})" if loan.incident_title else loan.words
    said = (
        f"{loan.borrower_name}借队伍：{about}",
        f"{loan.borrower_name_en or loan.borrower_name} asks for a crew: {about_en}",
    )
    ladder = callees.of_centre(session, loan.lender_path)
    opener = loan.area_path, loan.asker_name
    _ring(session, loan, loan.id, loan.lender_path, ladder, said, opener=opener, now=now)


def tell_borrower(session: Session, loan: CrewLoan, said: Said, *, now: datetime) -> None:
    """Call who asked: at three in the morning nobody looks at a page."""
    ladder = callees.of_centre(session, loan.area_path)
    opener = loan.lender_path, loan.lender_name
    ref = uuid5(loan.id, f"borrower {loan.state}")
    _ring(session, loan, ref, loan.area_path, ladder, said, opener=opener, now=now)


def tell_crew(session: Session, loan: CrewLoan, crew: Crew, said: Said, *, now: datetime) -> None:
    """Call the crew's leader, then his deputy: for whom they work has changed."""
    known = crew.unit_id, crew.id, crew.name, crew.name_en, crew.area_path
    holder = Holder(HopKind.CREW, *known)
    with as_program(session):
        roster = callees.read(session, [holder], giver_path=loan.lender_path)
    ladder = callees.ladder(roster, holder, giver_path=loan.lender_path)
    own = tuple(step for step in ladder if step.kind is not RungKind.SUPERIOR)
    opener = loan.lender_path, loan.lender_name
    ref = uuid5(loan.id, f"crew {loan.state}")
    _ring(session, loan, ref, crew.area_path, own, said, opener=opener, page="/crew", now=now)


def decided(session: Session, loan: CrewLoan, *, by: Actor, now: datetime) -> None:
    """Whoever decided has answered the call about it."""
    answer = AnswerDraft(EventKind.YES, done_at=now, id=uuid5(loan.id, "decided"))
    with as_program(session):
        word = Word(loan.id, EventKind.YES, by, now, answer)
        hearing.hear(session, topic=TOPIC, words=[word])


def silence(session: Session, loan: CrewLoan, *, by: Actor, now: datetime) -> None:
    """Nobody is asked any more about a request that was dropped."""
    calls.cancel(session, topic=TOPIC, refs=[loan.id], why="", by=by, now=now)


def _ring(
    session: Session,
    loan: CrewLoan,
    ref: UUID,
    area_path: str,
    ladder: Sequence[Step],
    said: Said,
    *,
    opener: tuple[str, str],
    now: datetime,
    page: str = "/loans",
) -> None:
    if not ladder:
        return
    draft = CallDraft(
        topic=TOPIC,
        ref=ref,
        area_path=area_path,
        opener_path=opener[0],
        opener_name=opener[1] or PROGRAM.name,
        ladder=tuple(ladder),
        text_zh=said[0][:TEXT_LENGTH],
        text_en=said[1][:TEXT_LENGTH],
        page=page,
        urgency=Urgency.URGENT,
        is_drill=loan.is_drill,
        synthetic=loan.synthetic,
    )
    calls.open_many(session, [draft], now=now)
