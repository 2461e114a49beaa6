"""Verbs of the site: tell how it stands, tell who was moved, call for support."""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict, Forbidden, Missing
from gis.store import audit, files
from gis.store.files import StoredFile
from gis.store.notify import announce
from hazards.calls.program import as_program
from rescue_app.dispatch import changes_repository, changing, telling
from rescue_app.dispatch import repository as hops
from rescue_app.dispatch import service as dispatch
from rescue_app.dispatch.models import Assignment
from rescue_app.dispatch.rules import HopKind, plausible
from rescue_app.site import calling, repository
from rescue_app.site.models import ChecklistTick, SiteReport
from rescue_app.site.rules import (
    RINGS,
    ReportDraft,
    ReportKind,
    Tick,
    checked_report,
    checked_tick,
)

FILE_KIND = "site_report"
TOPIC = "order"


def report(
    session: Session, *, hop_id: UUID, draft: ReportDraft, by: Actor, now: datetime
) -> SiteReport:
    """Keep what a crew tells; the same id again is the same report. Support rings at once.

    Danger also calls everybody away from the site, in the same transaction.
    """
    if draft.kind is ReportKind.DANGER:
        with as_program(session):  # the orders before the hop, as whoever changes an order does
            changes_repository.orders_on_site(session, hop_id)
    hop = held(session, hop_id, by)
    draft = checked_report(draft)
    if repository.add_once(session, SiteReport, _row(session, hop, draft, by, now)):
        kept = _known(session, draft, hop)
        files.attach(session, draft.file_ids, kind=FILE_KIND, ref=kept.id,
                     area_path=hop.area_path, by=by)  # fmt: skip
        if draft.kind in RINGS:
            calling.ask(session, kept, hop, now=now)
        if draft.kind is ReportKind.DANGER:
            changing.alarm(session, hop_id=hop.id, seed=kept.id, why=kept.words, by=by, now=now)
        _spread(session, hop, draft.kind, by)
        return kept
    return _known(session, draft, hop)


def tick(session: Session, *, hop_id: UUID, draft: Tick, by: Actor, now: datetime) -> ChecklistTick:
    """Keep that an item of the checklist is done, or is not after all; the same id counts once."""
    hop = held(session, hop_id, by)
    order = dispatch.visible(session, hop.order_id)
    checked_tick(draft, items=len(order.checklist))
    told = {"item": draft.item, "ticked": draft.ticked}
    row = _said(session, hop, draft.id, draft.done_at, by, now) | told
    if repository.add_once(session, ChecklistTick, row):
        _spread(session, hop, "tick", by)
    known = session.get(ChecklistTick, draft.id)
    if known is None or (known.assignment_id, known.item) != (hop.id, draft.item):
        raise Conflict("This tick's number is taken. Reload the page and tick again.")
    return known


def add_photo(
    session: Session, stream: BinaryIO, *, of: UUID, file_id: UUID, name: str, by: Actor
) -> StoredFile:
    """Keep a photo of a report that is here; it comes after its words, once or ten times."""
    about = repository.report(session, of)
    if about is None or about.by_id != by.id:
        raise Missing("The report of this photo is not here. Send the report first.")
    kept = files.put(session, stream, id=file_id, name=name, by=by, area_path=about.area_path)
    files.attach(session, [file_id], kind=FILE_KIND, ref=of, area_path=about.area_path, by=by)
    announce(session, topic=TOPIC, kind="site_photo", ref=about.order_id, area_path=about.area_path)
    return kept


def photo_id(report_id: UUID) -> UUID:
    """Give the number of the photo that came in one form with a report: sent twice it is one."""
    return uuid5(report_id, "photo")


def answered(session: Session, report_id: UUID) -> None:
    """Tell live pages that somebody above spoke about a call from the site: its crew waits."""
    with as_program(session):
        about = repository.report(session, report_id)
        if about is not None:
            announce(session, topic=TOPIC, kind="site_answered", ref=about.order_id,
                     area_path=about.area_path)  # fmt: skip


def held(session: Session, hop_id: UUID, by: Actor) -> Assignment:
    """Give the hop that this person's crew has; nobody else speaks from its site."""
    hop = hops.locked(session, hop_id)
    if hop is None:
        raise Missing("There is no such order in your area.")
    require(by, Act.ANSWER_ORDER, hop.area_path)
    if hop.holder != HopKind.CREW or not telling.holds(session, by, hop):
        raise Forbidden("Only the crew that has the order reports from its site.")
    return hop


def _known(session: Session, draft: ReportDraft, hop: Assignment) -> SiteReport:
    known = repository.report(session, draft.id)
    if known is None or (known.assignment_id, known.kind) != (hop.id, draft.kind):
        raise Conflict("This report's number is taken. Reload the page and send again.")
    return known


def _row(
    session: Session, hop: Assignment, draft: ReportDraft, by: Actor, now: datetime
) -> dict[str, object]:
    return _said(session, hop, draft.id, draft.done_at, by, now) | {
        "kind": draft.kind,
        "need": draft.need,
        "words": draft.words,
        "people_moved": draft.people_moved,
        "place": draft.place,
    }


def _said(
    session: Session, hop: Assignment, number: UUID, done_at: datetime | None, by: Actor,
    now: datetime,
) -> dict[str, object]:  # fmt: skip
    return {
        "id": number,
        "order_id": hop.order_id,
        "assignment_id": hop.id,
        "area_path": hop.area_path,
        "by_id": by.id,
        "by_name": by.name,
        "by_phone": hops.phone_of(session, by.id),
        "done_at": plausible(done_at, hop_began=hop.began_at, arrived_at=now),
        "received_at": now,
    }


def _spread(session: Session, hop: Assignment, kind: str, by: Actor) -> None:
    first, *others = sorted({hop.area_path, hop.giver_path})
    said = f"site_{kind}"
    announce(session, topic=TOPIC, kind=said, ref=hop.order_id, area_path=first, also=(*others,))
    audit.record_for(
        session, by.id, act=f"order.{said}", subject=hop.order_id, area_path=first, hop=hop.id
    )
