"""What a street's pack says, and until when: pure."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

from gis.errors import Rejected
from qr_codes.packs import written
from qr_codes.packs.carried import (
    Around,
    Carried,
    Lists,
    Moment,
    Named,
    Rung,
    Store,
    ToVerify,
    Warned,
)
from qr_codes.packs.squares import Piece

FORM = 2
"""Raised when phones must not read a pack with an older page."""
SHORTEST_LIFE = timedelta(hours=12)
KEYS_KNOWN_FOR = timedelta(days=2)
MOST_ASSETS = 20_000


@dataclass(frozen=True, slots=True)
class Contents:
    """All that is carried for a street."""

    area: Named
    moment: Moment
    assets: Sequence[Carried]
    around: Mapping[UUID, Around]
    types: Sequence[Named]
    lists: Lists
    contacts: Sequence[tuple[str, str]]
    emergency: str
    measures: Sequence[Mapping[str, Any]]
    stores: Sequence[Store]
    ground: Sequence[Piece]
    verify: Sequence[ToVerify]
    warned: Warned


def ends_at(made_at: datetime, *, zone: tzinfo) -> datetime:
    """Give the end of the day in the city; whoever begins at night has at least half a day."""
    tomorrow = made_at.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), zone)
    return max(midnight, made_at + SHORTEST_LIFE)


def content(held: Contents, *, made_at: datetime, zone: tzinfo) -> dict[str, Any]:
    """Put a pack together; a type without a list can be recognised and not inspected."""
    if len(held.assets) > MOST_ASSETS:
        raise Rejected(
            "This area has {count} labels; a pack carries {most}. Take a smaller area.",
            count=len(held.assets),
            most=MOST_ASSETS,
        )
    used = {one.type_code for one in held.assets}
    chains: dict[tuple[Rung, ...], int] = {}
    return {
        "form": FORM,
        "area": written.named(held.area),
        "made_at": made_at.isoformat(),
        "ends_at": ends_at(made_at, zone=zone).isoformat(),
        "mode": written.moment(held.moment),
        "types": {one.code: written.named(one) for one in held.types if one.code in used},
        "lists": {
            kind: {str(mode): written.asked(one) for mode, one in by_mode.items()}
            for kind, by_mode in held.lists.items()
            if kind in used
        },
        "assets": {
            one.code: written.carried(one) | about(held.around.get(one.asset_id), chains)
            for one in held.assets
        },
        "chains": [[written.rung(rung) for rung in chain] for chain in chains],
        "contacts": [{"name": name, "phone": phone} for name, phone in held.contacts],
        "emergency": held.emergency,
        "measures": list(held.measures),
        "stores": [written.store(one) for one in held.stores],
        "ground": [one.said for one in held.ground],
        "verify": [written.to_verify(one) for one in held.verify],
        "warned": written.warned(held.warned),
    }


def about(found: Around | None, chains: dict[tuple[Rung, ...], int]) -> dict[str, Any]:
    """Write down what surrounds an asset; a chain that many have in common stands once."""
    if found is None:
        return {"chain": None, "closed": None, "plan": None, "links": []}
    return {
        "chain": chains.setdefault(tuple(found.chain), len(chains)),
        "closed": written.closed(found.closed) if found.closed else None,
        "plan": written.plan(found.plan) if found.plan else None,
        "links": [written.link(one) for one in found.links],
    }


def published(made: Mapping[int, datetime], *, now: datetime) -> frozenset[int]:
    """Give the keys that phones may trust: the newest, and those replaced a short while ago."""
    order = sorted(made, key=lambda key: (made[key], key))
    older = itertools.pairwise(order)
    fresh = {key for key, after in older if now - made[after] < KEYS_KNOWN_FOR}
    return frozenset(fresh | set(order[-1:]))
