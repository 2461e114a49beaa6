"""The form of a store: what was typed and what is wrong with it; a list of stores as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from gis import geometry
from gis.authority import Actor
from gis.errors import Conflict, PlatformError, Rejected
from gis.exchange.writing.texts import workbook
from qr_codes.stores import keeping
from qr_codes.stores.headings import HEADINGS
from qr_codes.stores.keeping import Entry
from qr_codes.stores.models import Material, MaterialStore
from rescue_app.web.scan_form import WRONG_FORM, text

FIELDS = ("name", "address", "keeper", "keeper_phone", "lon", "lat")
EMPTY = dict.fromkeys(FIELDS, "")
AMOUNT = "amount."


@dataclass(slots=True)
class StoreForm:
    """What stands in the form; `seen` is when the store was last changed, nothing for a new one."""

    id: UUID
    typed: dict[str, str]
    seen: str = ""
    errors: dict[str, PlatformError] = field(default_factory=dict)
    problem: PlatformError | None = None

    def entry(self) -> Entry | None:
        """Read it, or note what is wrong beside its field."""
        said = self.typed
        if not said["name"]:
            self.errors["name"] = Rejected("Say how people call this store.")
        try:
            place = geometry.point(
                *(float(said[name].replace(",", ".")) for name in ("lon", "lat"))
            )
        except (ValueError, Rejected) as wrong:
            asked = Rejected("Click the place on the map, or write longitude and latitude.")
            self.errors["lon"] = wrong if isinstance(wrong, Rejected) else asked
        if self.errors:
            return None
        return Entry(said["name"], place, said["address"], said["keeper"], said["keeper_phone"])

    def keep(self, session: Session, *, by: Actor, now: datetime) -> bool:
        """Write what was typed, or note what is wrong with it."""
        entry = self.entry()
        if entry is None:
            return False
        try:
            with session.begin_nested():
                if self.seen:
                    seen = datetime.fromisoformat(self.seen)
                    keeping.change(
                        session, store_id=self.id, entry=entry, seen_at=seen, by=by, now=now
                    )
                else:
                    keeping.enter(session, store_id=self.id, entry=entry, by=by, now=now)
        except (Rejected, Conflict) as problem:
            self.problem = problem
        return self.problem is None


def of(store: MaterialStore) -> StoreForm:
    """Open the form on a store."""
    typed = {name: getattr(store, name) for name in FIELDS[:4]}
    typed |= {"lon": f"{store.place.x:.6f}", "lat": f"{store.place.y:.6f}"}
    return StoreForm(store.id, typed, store.changed_at.isoformat())


def sent(form: FormData, store_id: UUID | None = None) -> StoreForm:
    """Take what a browser sent."""
    try:
        this, seen = store_id or UUID(text(form, "id")), text(form, "seen")
        if seen:
            datetime.fromisoformat(seen)
    except ValueError:
        raise Rejected(WRONG_FORM) from None
    return StoreForm(this, {name: text(form, name).strip() for name in FIELDS}, seen)


def counted(form: FormData) -> dict[str, Any]:
    """Read the amounts; an empty field is none left, a chosen material is a new line."""
    named = {name.removeprefix(AMOUNT): text(form, name) for name in form if AMOUNT in name}
    if text(form, "material"):
        named[text(form, "material")] = text(form, "amount")
    try:
        amounts = {code: float(said.replace(",", ".") or 0) for code, said in named.items()}
        seen_at = datetime.fromisoformat(text(form, "seen"))
    except ValueError:
        raise Rejected("An amount is a number from 0 on. Correct it.") from None
    return {"amounts": amounts, "note": text(form, "note"), "seen_at": seen_at}


def as_workbook(rows: Sequence[MaterialStore], known: Sequence[Material], *, zh: bool) -> bytes:
    """Write stores with a row for each material; brought in again they are the same."""
    words = {one.code: one for one in known}
    heads = [names[0] if zh else names[-1] for names in HEADINGS.values()]
    body = [heads]
    for store in rows:
        head = [store.source_id, store.name, store.address, store.keeper, store.keeper_phone, ""]
        place = [f"{store.place.x:.6f}", f"{store.place.y:.6f}"]
        for code, amount in store.stock.items() or [("", "")]:
            one = words.get(code)
            what = (one.name_zh, one.unit_zh) if one and zh else ((one and one.name_en) or code, "")
            body.append([*head, what[0], f"{amount}", what[1], *place, store.source])
    return workbook({"stores": body})
