"""What is known of the sites of one order: words, photos, who answers calls for support."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from gis.store import files
from gis.store.files import StoredFile
from hazards.calls import reading as calls
from hazards.calls.program import as_program
from hazards.calls.reading import Line as CallLine
from rescue_app.dispatch.members.models import MemberPart
from rescue_app.dispatch.models import Assignment
from rescue_app.site import asking, repository
from rescue_app.site.calling import SUPPORT
from rescue_app.site.models import SiteReport, SiteWatch
from rescue_app.site.repository import ItemDone
from rescue_app.site.rules import ON_SITE, Tick
from rescue_app.site.service import FILE_KIND


@dataclass(frozen=True, slots=True)
class Word:
    """A report with its photos; of a call for support also how its ladder stands."""

    report: SiteReport
    photos: Sequence[StoredFile]
    call: CallLine | None

    @property
    def waits(self) -> bool:
        """Support was asked for and nobody above has answered."""
        return self.call is not None and not self.call.closed


@dataclass(frozen=True, slots=True)
class Sites:
    """What came up from the sites of an order: what waits first, then the newest; and sums.

    `watches` and `ticks` are those of the hops that were asked about, the rest is of all.
    """

    words: Sequence[Word]
    watches: Mapping[UUID, SiteWatch]
    ticks: Mapping[UUID, Mapping[int, Tick]]
    """Which items of the checklist each crew has done, by its hop."""
    items: Mapping[int, ItemDone]
    people_moved: int
    """How many people the crews say they moved."""


def asked(session: Session, hop_id: UUID) -> list[Word]:
    """Give what a crew called up for, and who above answered: it hears that, not who is silent."""
    reports = repository.calls_from(session, hop_id)
    with as_program(session):
        rings = calls.lines_of(session, [report.id for report in reports], topic=SUPPORT)
    return [Word(one, (), next(iter(rings.get(one.id, ())), None)) for one in reports]


def unheard(session: Session, hop: Assignment, part: MemberPart | None) -> UUID | None:
    """Give the alarm that asks whether a crew, or a member of it, is safe on site."""
    if (part or hop).state not in ON_SITE:
        return None
    return asking.unheard(session, hop_id=hop.id, part_id=part.id if part else None)


def of_order(session: Session, order_id: UUID, *, hop_ids: Sequence[UUID]) -> Sites:
    """Read what the asker may see of it."""
    reports = repository.of_orders(session, [order_id])
    ids = [report.id for report in reports]
    photos = files.attached(session, FILE_KIND, ids)
    rings = calls.lines_of(session, ids, topic=SUPPORT)
    words = [Word(one, photos[one.id], next(iter(rings.get(one.id, ())), None)) for one in reports]
    return Sites(
        sorted(words, key=lambda word: not word.waits),
        repository.watches(session, hop_ids),
        repository.ticks(session, hop_ids),
        repository.items(session, order_id),
        repository.people_moved(session, order_id),
    )
