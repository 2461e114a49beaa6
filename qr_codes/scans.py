"""What surrounds an asset for anyone who scans it, asked for in one question: a scan is one tap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from hazards.duty.responsibility import above
from hazards.modes.rules import Mode
from qr_codes.assets.models import Asset
from qr_codes.measures.rules import Card

AROUND = text("""
    SELECT public_mode(:path, :now) AS mode,
        EXISTS (SELECT FROM asset_closure WHERE asset_id = :id AND reopened_at IS NULL) AS closed,
        (SELECT json_agg(json_build_object('name', name, 'phone', phone)
            ORDER BY length(area_path) DESC, name)
         FROM unit WHERE kind = 'centre' AND area_path = ANY (:above)) AS centres,
        (SELECT json_agg(json_build_object('number', number, 'name_zh', name_zh,
            'name_en', name_en) ORDER BY position) FROM public_line) AS lines,
        (SELECT json_agg(content ORDER BY position) FROM measure_card
            JOIN measure_edition USING (edition) WHERE in_force AND :kind = ANY (assets)) AS cards
""")


@dataclass(frozen=True, slots=True)
class Around:
    """The mode of the place, whether it is closed, whom anyone may call, what is to be done."""

    mode: Mode
    closed: bool
    centres: Sequence[dict[str, Any]]
    lines: Sequence[dict[str, Any]]
    cards: Sequence[Card]


def around(session: Session, asset: Asset, *, now: datetime) -> Around:
    """Give what surrounds an asset now, as the asker may see it."""
    path = asset.area_path
    asked = {"path": path, "now": now, "id": asset.id, "above": list(above(path)),
             "kind": asset.type_code}  # fmt: skip
    found = session.execute(AROUND, asked).one()
    told = (found.centres or (), found.lines or (), found.cards or ())
    return Around(Mode(found.mode), found.closed, *told)
