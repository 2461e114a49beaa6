"""Verbs of one store: enter it, put it right, count what lies there."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from gis.areas.placing import day_of, path_at
from gis.authority import Act, Actor, require
from gis.errors import Conflict, Forbidden, Rejected
from gis.store.base import new_id
from hazards.checklists.rules import bounded
from qr_codes.stores import repository
from qr_codes.stores.headings import LONGEST_NAME, LONGEST_PHONE
from qr_codes.stores.models import MaterialStore, StoreBooking
from qr_codes.stores.telling import tell

OWN = "yitong"
"""Whose numbers those are that were entered here."""
MOST = 1e9


@dataclass(frozen=True, slots=True)
class Entry:
    """A store as a person writes it down."""

    name: str
    place: Point
    address: str = ""
    keeper: str = ""
    keeper_phone: str = ""


def enter(
    session: Session, *, store_id: UUID, entry: Entry, by: Actor, now: datetime
) -> MaterialStore:
    """Enter a store; the same id again is the same store once."""
    known = session.get(MaterialStore, store_id)
    if known is not None:
        return known
    store = MaterialStore(
        id=store_id, source=OWN, source_id=str(store_id), stock={}, synthetic=False
    )  # fmt: skip
    put(session, store, entry, by=by, now=now)
    session.add(store)
    tell(session, "entered", by, (store.area_path,), store=str(store_id))
    return store


def change(
    session: Session, *, store_id: UUID, entry: Entry, seen_at: datetime, by: Actor, now: datetime
) -> MaterialStore:
    """Put a store right; `seen_at` is what the editor opened on."""
    store = repository.visible(session, store_id, lock=True)
    require(by, Act.EDIT_ASSET, store.area_path)
    same_as_seen(store, seen_at)
    before = store.area_path
    put(session, store, entry, by=by, now=now)
    tell(session, "changed", by, (before, store.area_path), store=str(store_id))
    return store


def put(session: Session, store: MaterialStore, entry: Entry, *, by: Actor, now: datetime) -> None:
    """Write down what an entry says."""
    path = path_at(session, entry.place, day=day_of(now))
    if path is None:
        raise Rejected("This place lies in no area that is known here. Check it on the map.")
    require(by, Act.EDIT_ASSET, path)
    store.name = bounded(entry.name, most=LONGEST_NAME)
    if not store.name:
        raise Rejected("Say how people call this store.")
    store.address = bounded(entry.address, most=LONGEST_NAME)
    store.keeper = bounded(entry.keeper, most=LONGEST_NAME)
    store.keeper_phone = bounded(entry.keeper_phone, most=LONGEST_PHONE)
    store.place, store.area_path = entry.place, path
    store.changed_at, store.changed_by_name = now, by.name


def may_count(store: MaterialStore, *, by: Actor, phone: str) -> bool:
    """Tell whether somebody may say how much lies there: whoever edits, and the keeper himself."""
    try:
        require(by, Act.EDIT_ASSET, store.area_path)
    except Forbidden:
        keeps = bool(phone) and phone == store.keeper_phone
        return keeps and store.area_path.startswith(by.area_path)
    return True


def count(
    session: Session,
    *,
    store_id: UUID,
    amounts: Mapping[str, float],
    note: str,
    seen_at: datetime,
    by: Actor,
    phone: str,
    now: datetime,
) -> MaterialStore:
    """Say how much lies there now; each material that changed is booked."""
    store = repository.visible(session, store_id, lock=True)
    if not may_count(store, by=by, phone=phone):
        raise Forbidden("Amounts are changed by the store's keeper or the centre of its street.")
    same_as_seen(store, seen_at)
    known = {one.code for one in repository.materials(session)}
    changed = {code: amount for code, amount in amounts.items()
               if amount != float(store.stock.get(code, 0))}  # fmt: skip
    for code, amount in changed.items():
        if code not in known or not math.isfinite(amount) or not 0 <= amount <= MOST:
            raise Rejected("An amount is a number from 0 on. Correct it.")
        session.add(booking(store, code, amount, note=bounded(note, most=500), by=by, now=now))
    if changed:
        left = {**store.stock, **changed}
        store.stock = {code: amount for code, amount in left.items() if amount}
        store.changed_at, store.changed_by_name = now, by.name
        tell(session, "counted", by, (store.area_path,), store=str(store_id))
    return store


def booking(
    store: MaterialStore, code: str, amount: float, *, note: str, by: Actor, now: datetime
) -> StoreBooking:
    """Write down one change."""
    return StoreBooking(
        id=new_id(), store_id=store.id, area_path=store.area_path, material=code,
        before=Decimal(f"{store.stock.get(code, 0):.12g}"), after=Decimal(f"{amount:.12g}"),
        note=note, booked_at=now, by_name=by.name,
    )  # fmt: skip


def same_as_seen(store: MaterialStore, seen_at: datetime) -> None:
    """Refuse to write over what somebody else changed meanwhile."""
    if store.changed_at != seen_at:
        raise Conflict(
            "{who} changed this store while you had it open. Load the page again.",
            who=store.changed_by_name,
        )
