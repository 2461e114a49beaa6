"""The jobs of an import by a person: look at the file, try it, take it or send it for review.

Each may be run twice: it begins with the row of the import, and a row that has moved on ends it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, PlatformError
from gis.exchange.importing.mapping import Mapping
from gis.intake import repository, service
from gis.intake.models import LedgerImport
from gis.intake.rules import AT_WORK, State
from rescue_app import import_steps as steps
from rescue_app import ledgers
from rescue_app.jobs import service as jobs
from rescue_app.jobs.rules import OVER, Cancelled
from rescue_app.jobs.running import Interrupted, Work, job
from rescue_app.web import words

LOOK, TRY, SEND, UNDO = "import.look", "import.try", "import.send", "import.undo"
DOES = {LOOK: State.READING, TRY: State.CHECKING, SEND: State.SENDING, UNDO: State.UNDOING}
SHOWN = 500
"""How many new and changed rows are kept for eyes; all are counted."""
STOPPED = "Stopped. Nothing was changed."
BACK = {State.READING: State.FAILED, State.CHECKING: State.READY, State.SENDING: State.CHECKED,
        State.UNDOING: State.SENT}  # fmt: skip
"""Where an import goes when its job does not come to its end."""
SEVERAL = "{source} holds several data sets: {names}. Name one as the layer."


def start(session: Session, this: LedgerImport, kind: str, *, by: Actor, lang: str) -> None:
    """Let a job do the next step."""
    asked = jobs.enqueue(session, kind, by=by, import_id=str(this.id), lang=lang)
    this.job_id = asked.id


def again(session: Session, import_id: UUID, kind: str, *, by: Actor, lang: str) -> None:
    """Let a job do a step of an import that waits for the person."""
    release(session, repository.visible(session, import_id, lock=True))
    this = service.begin(session, import_id, DOES[kind], by=by, now=datetime.now(UTC))
    if kind == UNDO and this.case_id is not None:
        raise Conflict("These points are in a case. Take them back there.")
    if kind == UNDO and this.kind == ledgers.HOUSEHOLDS.code:
        raise Conflict("Rosters may stand on these households. Bring the former list in again.")
    start(session, this, kind, by=by, lang=lang)


def release(session: Session, this: LedgerImport) -> None:
    """Free an import whose job was given up, as when its worker died each time."""
    asked = this.job_id and jobs.visible(session, this.job_id)
    if this.state in AT_WORK and asked and asked.state in OVER:
        trouble = PlatformError(STOPPED)
        service.note_trouble(session, this, trouble, BACK[State(this.state)], now=datetime.now(UTC))


def stop(session: Session, import_id: UUID, *, by: Actor) -> None:
    """Stop what is being done with an import; it waits for the person again."""
    # Not held: the running step holds it to its end, and is to hear of this before.
    this = service.own(repository.visible(session, import_id), by)
    if this.job_id is None or this.state not in AT_WORK:
        return
    stopped = jobs.cancel(session, job_id=this.job_id, now=datetime.now(UTC))
    if stopped.state in OVER:
        release(session, repository.visible(session, import_id, lock=True))


@job(LOOK)
def look(work: Work, *, import_id: str, lang: str) -> str | None:
    """See what a file holds."""
    del lang
    from gis.intake import looking  # noqa: PLC0415 - shapely and Arrow are the job's

    def do(session: Session, this: LedgerImport) -> None:
        with steps.opened(session, this) as table:
            service.note_look(session, this, looking.looked_at(table), now=datetime.now(UTC))

    return step(work, UUID(import_id), at=State.READING, do=do)


@job(TRY)
def try_out(work: Work, *, import_id: str, lang: str) -> str | None:
    """Compare a file with its ledger and change nothing."""
    from gis.intake import ledger, where  # noqa: PLC0415 - as above

    def do(session: Session, this: LedgerImport) -> None:
        now, how = datetime.now(UTC), Mapping.model_validate(this.said)
        where.held(this.looked or {}, how)
        with steps.opened(session, this) as table:
            tried, report = ledger.tried(
                steps.kind_of(this),
                session,
                table=table,
                mapping=how,
                by=person(work, this),
                now=now,
                step=told_to(work, len(table)),
            )
            rows = steps.left_over(session, this, table, report, lang)
        new, changed = tried.shown(most=SHOWN)
        service.note_check(
            session, this, report, new=new, changed=changed, refused_file_id=rows, now=now
        )

    return step(work, UUID(import_id), at=State.CHECKING, do=do)


@job(SEND)
def send(work: Work, *, import_id: str, lang: str) -> str | None:
    """Take the new and changed rows: points into a case, whose id is the import's."""
    del lang

    def do(session: Session, this: LedgerImport) -> None:
        now, how = datetime.now(UTC), Mapping.model_validate(this.said)
        with steps.opened(session, this) as table:
            report = steps.taking(this)(
                session,
                table=table,
                mapping=how,
                by=person(work, this),
                now=now,
                step=told_to(work, len(table)),
            )
        this.counts = report.counts()
        case_id = this.id if this.kind == ledgers.POINTS.code else None
        service.note_sent(session, this, now=now, case_id=case_id)

    return step(work, UUID(import_id), at=State.SENDING, do=do)


@job(UNDO)
def undo(work: Work, *, import_id: str, lang: str) -> str | None:
    """Take an import back as a whole."""
    from hazards.events.importing import undoing as records  # noqa: PLC0415 - as above
    from hazards.monitoring.importing import undoing as stations  # noqa: PLC0415 - as above
    from qr_codes.assets.importing import undoing  # noqa: PLC0415 - as above

    def do(session: Session, this: LedgerImport) -> None:
        now, by = datetime.now(UTC), person(work, this)
        whose: dict[str, Any] = {"area_path": this.area_path, "by": by, "now": now}
        if this.kind == ledgers.STATIONS.code:
            stations.undo(session, this.id, **whose)
        elif this.kind == ledgers.RECORDS.code:
            records.undo(session, this.id, **whose)
        else:
            reason = words.translate(lang, "Import undone: {file}", file=this.file_name)
            undoing.undo(session, this.id, reason=reason, **whose)
        service.note_undone(session, this, by=by, now=now)

    return step(work, UUID(import_id), at=State.UNDOING, do=do)


def person(work: Work, this: LedgerImport) -> Actor:
    """Give who asked for the job."""
    return Actor(work.scope.actor_id, this.owner_name, work.scope.role, work.scope.area_path)


def told_to(work: Work, total: int) -> Callable[[int], None]:
    """Tell a job's progress by rows."""
    done = 0

    def step_on(rows: int) -> None:
        nonlocal done
        done += rows
        work.progress(done=done, total=total)

    return step_on


Do = Callable[[Session, LedgerImport], None]


def step(work: Work, import_id: UUID, *, at: State, do: Do) -> str | None:
    """Run one step of an import in one transaction; what cannot go on is told on its page."""
    try:
        with work.unit() as session:
            this = repository.visible(session, import_id, lock=True)
            if this.state != at:
                return f"import:{import_id}"
            do(session, this)
            session.flush()  # what is still to be written is part of the work
            work.heed()
    except PlatformError as trouble:
        note(work, import_id, trouble, at=at)
    except Interrupted:
        raise
    except Cancelled:
        note(work, import_id, PlatformError(STOPPED), at=at)
        raise
    except Exception:
        fault = PlatformError(
            "A fault on our side stopped this. Try it again; nothing was changed."
        )
        note(work, import_id, fault, at=at)
        raise
    return f"import:{import_id}"


def note(work: Work, import_id: UUID, trouble: PlatformError, *, at: State) -> None:
    """Put an import back to where the person can mend it."""
    now = datetime.now(UTC)
    with work.unit() as session:
        this = repository.visible(session, import_id, lock=True)
        if this.state != at:
            return
        names = str(trouble.values.get("names", ""))
        if at is State.READING and trouble.text == SEVERAL:
            service.choose(session, this, names.split(", "), now=now)
        else:
            service.note_trouble(session, this, trouble, BACK[at], now=now)
