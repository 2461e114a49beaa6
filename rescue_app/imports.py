"""The jobs of an import by a person: look at the file, try it, send it for review.

Each may be run twice: it begins with the row of the import, and a row that has moved on ends it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import PlatformError
from gis.exchange.importing.mapping import Mapping
from gis.store import files
from gis.store.base import new_id
from hazards.points.intake import repository, service
from hazards.points.intake.models import LedgerImport
from hazards.points.intake.rules import AT_WORK, State
from rescue_app.jobs import service as jobs
from rescue_app.jobs.rules import OVER, Cancelled
from rescue_app.jobs.running import Interrupted, Work, job
from rescue_app.web import words

if TYPE_CHECKING:
    from gis.exchange.table import Table

LOOK, TRY, SEND = "points.import.look", "points.import.try", "points.import.send"
STOPPED = "Stopped. Nothing was changed."
BACK = {State.READING: State.FAILED, State.CHECKING: State.READY, State.SENDING: State.CHECKED}
"""Where an import goes when its job does not come to its end."""
SEVERAL = "{source} holds several data sets: {names}. Name one as the layer."


def start(session: Session, this: LedgerImport, kind: str, *, by: Actor, lang: str) -> None:
    """Let a job do the next step."""
    asked = jobs.enqueue(session, kind, by=by, import_id=str(this.id), lang=lang)
    this.job_id = asked.id


def again(session: Session, import_id: UUID, kind: str, *, by: Actor, lang: str) -> None:
    """Let a job do a step of an import that waits for the person."""
    release(session, repository.visible(session, import_id, lock=True))
    steps = {LOOK: State.READING, TRY: State.CHECKING, SEND: State.SENDING}
    this = service.begin(session, import_id, steps[kind], by=by, now=datetime.now(UTC))
    start(session, this, kind, by=by, lang=lang)


def release(session: Session, this: LedgerImport) -> None:
    """Free an import whose job was given up, as when its worker died each time."""
    asked = this.job_id and jobs.visible(session, this.job_id)
    if this.state in AT_WORK and asked and asked.state in OVER:
        trouble = PlatformError(STOPPED)
        service.note_trouble(session, this, trouble, BACK[State(this.state)], now=datetime.now(UTC))


def stop(session: Session, import_id: UUID, *, by: Actor) -> None:
    """Stop what is being done with an import; it waits for the person again."""
    this = service.own(repository.visible(session, import_id, lock=True), by)
    if this.job_id is not None and this.state in AT_WORK:
        jobs.cancel(session, job_id=this.job_id, now=datetime.now(UTC))
        release(session, this)


@job(LOOK)
def look(work: Work, *, import_id: str, lang: str) -> str | None:
    """See what a file holds."""
    del lang
    from hazards.points.intake import looking  # noqa: PLC0415 - shapely and Arrow are the job's

    def do(session: Session, this: LedgerImport, table: "Table") -> None:
        service.note_look(session, this, looking.looked_at(table), now=datetime.now(UTC))

    return step(work, UUID(import_id), at=State.READING, do=do)


@job(TRY)
def try_out(work: Work, *, import_id: str, lang: str) -> str | None:
    """Compare a file with the ledger and change nothing."""
    from gis.exchange.importing import leftover  # noqa: PLC0415 - as above
    from hazards.points.importing import ledger  # noqa: PLC0415 - as above

    def do(session: Session, this: LedgerImport, table: "Table") -> None:
        now, how = datetime.now(UTC), Mapping.model_validate(this.said)
        told = told_to(work, len(table))
        report = ledger.bring_in(
            session,
            table=table,
            mapping=how,
            by=person(work, this),
            now=now,
            apply=False,
            step=told,
        )
        rows: UUID | None = None
        if report.refusals:
            with TemporaryDirectory(prefix="yitong-refused-") as folder:
                path = Path(folder) / "rows.csv"
                leftover.write(path, table, report, say=in_words(lang))
                rows = keep_rows(session, this, path, lang)
        service.note_check(session, this, report, refused_file_id=rows, now=now)

    return step(work, UUID(import_id), at=State.CHECKING, do=do)


@job(SEND)
def send(work: Work, *, import_id: str, lang: str) -> str | None:
    """Send the new and changed rows for review, in a case whose id is the import's."""
    del lang
    from hazards.points.importing import proposing  # noqa: PLC0415 - as above

    def do(session: Session, this: LedgerImport, table: "Table") -> None:
        now, how = datetime.now(UTC), Mapping.model_validate(this.said)
        report = proposing.propose(
            session,
            table=table,
            mapping=how,
            case_id=this.id,
            title=this.file_name,
            by=person(work, this),
            now=now,
            step=told_to(work, len(table)),
        )
        this.counts = report.counts()
        service.note_sent(session, this, this.id, now=now)

    return step(work, UUID(import_id), at=State.SENDING, do=do)


def keep_rows(session: Session, this: LedgerImport, path: Path, lang: str) -> UUID:
    """Keep the refused rows for correction."""
    name = words.translate(lang, "refused-{name}.csv", name=Path(this.file_name).stem)
    kept = files.keep(
        session,
        path,
        id=new_id(),
        name=name,
        media_type="text/csv; charset=utf-8",
        by_id=this.owner_id,
        area_path=this.area_path,
        kind=files.RESULT,
        ref=this.id,
    )
    return kept.id


def in_words(lang: str) -> Callable[[PlatformError], str]:
    """Say reasons in a language."""
    return lambda reason: words.translate(lang, reason.text, **reason.values)


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


Do = Callable[[Session, LedgerImport, "Table"], None]


def step(work: Work, import_id: UUID, *, at: State, do: Do) -> str | None:
    """Run one step of an import in one transaction; what cannot go on is told on its page."""
    try:
        with work.unit() as session:
            this = repository.visible(session, import_id, lock=True)
            if this.state != at:
                return f"import:{import_id}"
            with opened(session, this) as table:
                do(session, this, table)
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


@contextmanager
def opened(session: Session, this: LedgerImport) -> Iterator["Table"]:
    """Read an import's file as a table."""
    from gis import exchange  # noqa: PLC0415 - pandas behind it is the job's

    said = this.said or {}
    with TemporaryDirectory(prefix="yitong-import-") as folder:
        path = Path(folder) / this.file_name
        files.shelf_of(session).fetch(files.visible(session, this.file_id).sha256, path)
        table = exchange.read(path, encoding=said.get("encoding"), layer=said.get("layer"))
        yield table
