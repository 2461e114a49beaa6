"""Verbs of an import by a person: received, looked at, explained, tried, taken, taken back."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import null
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Forbidden, PlatformError
from gis.exchange.importing.mapping import ABOUT, SHAPE, Mapping
from gis.intake import repository
from gis.intake.models import LedgerImport
from gis.intake.rules import AT_WORK, Looked, State, follows, plain
from gis.store import audit, files, notify

if TYPE_CHECKING:
    from gis.exchange.importing.report import Report  # Arrow behind it costs the server's start

FILES = "ledger_import"
ANY = "application/octet-stream"
MOST_REFUSALS = 5_000
OF_A_FILE = ("layer", "encoding")
"""What was said of one file and holds for no other with the same headings."""


def receive(
    session: Session,
    path: Path,
    *,
    id: UUID,  # noqa: A002 - the import's own id, made by whoever sends the file
    kind: str,
    act: Act,
    name: str,
    by: Actor,
    now: datetime,
) -> LedgerImport:
    """Keep a file that is to be brought in; the same id again is the same import once."""
    require(by, act, by.area_path)
    there = repository.find(session, id)
    if there is not None:
        return own(there, by)
    kept = files.keep(
        session, path, id=id, name=name, media_type=ANY, by_id=by.id, area_path=by.area_path,
        kind=FILES, ref=id,
    )  # fmt: skip
    made = LedgerImport(
        id=id,
        kind=kind,
        area_path=by.area_path,
        owner_id=by.id,
        owner_name=by.name,
        file_id=kept.id,
        file_name=kept.name,
        state=State.READING,
        changed_at=now,
    )
    session.add(made)
    session.flush()  # the job needs its row
    facts = {"file": kept.sha256}
    audit.record(session, act="import.received", subject=id, area_path=by.area_path, **facts)
    return made


def own(this: LedgerImport, by: Actor) -> LedgerImport:
    """Hold that somebody goes on with an import of his own."""
    if this.owner_id != by.id:
        raise Forbidden(
            "{who} brings this file in. Ask them, or upload it yourself.", who=this.owner_name
        )
    return this


def begin(
    session: Session, import_id: UUID, then: State, *, by: Actor, now: datetime
) -> LedgerImport:
    """Let a job take an import over."""
    this = own(repository.visible(session, import_id, lock=True), by)
    if State(this.state) in AT_WORK:
        raise Conflict("This import has moved on meanwhile. Load the page again.")
    this.problem = None
    return moved(session, this, then, now=now)


def moved(session: Session, this: LedgerImport, then: State, *, now: datetime) -> LedgerImport:
    """Take an import a step on, and tell the pages that look at it."""
    this.state, this.changed_at = follows(State(this.state), then), now
    notify.announce(session, topic="import", kind=then, ref=this.id, area_path=this.area_path)
    return this


def choose(session: Session, this: LedgerImport, names: list[str], *, now: datetime) -> None:
    """Note that a file holds several tables and the person has to say which."""
    this.looked = {"layers": names}
    moved(session, this, State.CHOOSING, now=now)


def note_look(session: Session, this: LedgerImport, looked: Looked, *, now: datetime) -> None:
    """Note what a file holds."""
    this.looked = looked
    this.columns_key = next(known_by(looked))[0]
    before = said_before(session, this)
    asked = this.said or {}
    if not asked.get("fields") and before is not None:
        this.said = before[1] | {name: asked[name] for name in OF_A_FILE if asked.get(name)}
    moved(session, this, State.READY, now=now)


def said_before(session: Session, this: LedgerImport) -> tuple[LedgerImport, Looked] | None:
    """Give the last import of such a table, and what of its mapping holds again.

    In which system another unit's places were says nothing of this one's.
    """
    for key, more in known_by(this.looked or {}):
        before = repository.last_time(session, this, key)
        if before is not None and before.said is not None:
            apart = {*OF_A_FILE, *(["crs"] if before.area_path != this.area_path else [])}
            return before, {k: v for k, v in before.said.items() if k not in apart} | more
    return None


def known_by(looked: Looked) -> Iterator[tuple[str, dict[str, str]]]:
    """Give what a table is known again by, and what is to be said besides.

    Refused rows that come back corrected are of the table they were refused from: under another
    source they would stand in the ledger twice once that table comes in again. What was a shape
    there is a cell here.
    """
    names = [column["name"] for column in looked["columns"]]
    refused = names[: len(ABOUT)] == ABOUT
    own = names[len(ABOUT) :] if refused else names
    yield key_of(own, shapes=bool(looked["shapes"])), {}
    if refused and own[-1:] == [SHAPE]:
        yield key_of(own[:-1], shapes=True), {"extent": SHAPE}


def key_of(headings: list[str], *, shapes: bool) -> str:
    """Give one key for the same headings in any order."""
    # Where a file has shapes nobody names the columns of its places: that fits no table of text.
    told = (["shapes"] if shapes else []) + sorted(headings)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]


def read_as(
    session: Session, this: LedgerImport, *, layer: str | None, encoding: str | None
) -> None:
    """Note which table of the file is meant, and in which encoding it is."""
    this.said = Mapping(
        source=Path(this.file_name).stem, layer=layer, encoding=encoding, fields={}
    ).model_dump(mode="json", exclude_none=True)
    session.flush()  # the job reads it


def say(session: Session, this: LedgerImport, mapping: Mapping) -> None:
    """Note which column is which."""
    this.said = mapping.model_dump(mode="json", exclude_defaults=True)
    session.flush()  # the job reads it


def note_check(
    session: Session,
    this: LedgerImport,
    report: "Report",
    *,
    new: list[dict[str, Any]],
    changed: list[dict[str, Any]],
    refused_file_id: UUID | None,
    now: datetime,
) -> None:
    """Note what a trial found; called in the trial's own transaction."""
    refused = [
        {
            "line": one.line,
            "column": one.column,
            "value": one.value and one.value[:200],
            "text": one.reason.text,
            "values": plain(one.reason.values),
        }
        for one in report.refusals[:MOST_REFUSALS]
    ]
    this.found = {
        "refused": refused,
        "new": new,
        "changed": changed,
        "notes": [{"text": n.text, "values": plain(n.values)} for n in report.notes],
    }
    this.counts = report.counts()
    this.refused_file_id = refused_file_id
    moved(session, this, State.CHECKED, now=now)


def note_trouble(
    session: Session, this: LedgerImport, trouble: PlatformError, then: State, *, now: datetime
) -> None:
    """Note why a step did not go through; the person mends it and goes on."""
    this.problem = {"text": trouble.text, "values": plain(trouble.values)}
    moved(session, this, then, now=now)


def note_sent(
    session: Session, this: LedgerImport, *, now: datetime, case_id: UUID | None = None
) -> None:
    """Note that the rows are in, or in which case they wait for the review."""
    this.case_id, this.found = case_id, null()
    facts: dict[str, Any] = {"case": str(case_id)} if case_id else {}
    facts |= this.counts or {}
    audit.record(session, act="import.sent", subject=this.id, area_path=this.area_path, **facts)
    moved(session, this, State.SENT, now=now)


def note_undone(session: Session, this: LedgerImport, *, by: Actor, now: datetime) -> None:
    """Note that all of it was taken back."""
    facts = {"by": by.name}
    audit.record(session, act="import.undone", subject=this.id, area_path=this.area_path, **facts)
    moved(session, this, State.UNDONE, now=now)
