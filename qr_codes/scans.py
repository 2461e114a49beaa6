"""What surrounds an asset for anyone who scans it, asked for in one question: a scan is one tap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from hazards.alerts.rules import GRAVE, Colour
from hazards.duty.responsibility import above
from hazards.modes.rules import Mode
from qr_codes.assets.models import Asset
from qr_codes.measures.rules import Card

GRAVEST_FIRST = [str(colour) for colour in reversed(Colour)]
AROUND = text("""
    SELECT public_mode(:path, :now) AS mode,
        EXISTS (SELECT FROM asset_closure WHERE asset_id = :id AND reopened_at IS NULL) AS closed,
        (SELECT json_agg(json_build_object('name', name, 'phone', phone)
            ORDER BY length(area_path) DESC, name)
         FROM unit WHERE kind = 'centre' AND area_path = ANY (:above)) AS centres,
        (SELECT json_agg(json_build_object('number', number, 'name_zh', name_zh,
            'name_en', name_en) ORDER BY position) FROM public_line) AS lines,
        (SELECT json_agg(content ORDER BY position) FROM measure_card
            JOIN measure_edition USING (edition) WHERE in_force AND :kind = ANY (assets)) AS cards,
        (SELECT json_agg(json_build_object('colour', colour, 'hazard_type', hazard_type,
            'headline_zh', headline_zh, 'headline_en', headline_en, 'is_drill', is_drill,
            'instruction_zh', instruction_zh, 'instruction_en', instruction_en,
            'issuer_zh', issuer_zh, 'issuer_en', issuer_en, 'expires_at', expires_at,
            'begins_at', CASE WHEN onset_at > :now THEN onset_at END)
            ORDER BY is_drill, array_position(:gravest_first, colour), issued_at)
         FROM public_alerts(:now, scope_role() <> 'resident') AS w
         WHERE alert_holds_at(w.area_paths, w.drawn, :path,
            (SELECT place FROM asset WHERE asset.id = :id))) AS alerts
""")


@dataclass(frozen=True, slots=True)
class Around:
    """The mode of the place, whether it is closed, whom anyone may call, what is to be done.

    Its warnings are the gravest first; a drill is seen by those at work alone.
    """

    mode: Mode
    closed: bool
    centres: Sequence[dict[str, Any]]
    lines: Sequence[dict[str, Any]]
    cards: Sequence[Card]
    alerts: Sequence[dict[str, Any]]

    @property
    def acting(self) -> Mode:
        """Give the mode that is gone by here."""
        return acting(self.mode, self.alerts)


def acting(mode: Mode, alerts: Sequence[dict[str, Any]]) -> Mode:
    """Give the mode that is gone by: a grave warning is an emergency there; a drill is none."""
    grave = any(one["colour"] in GRAVE and not one["is_drill"] for one in alerts)
    return Mode.URGENT if grave and mode is Mode.PEACE else mode


def around(session: Session, asset: Asset, *, now: datetime) -> Around:
    """Give what surrounds an asset now, as the asker may see it."""
    path = asset.area_path
    asked = {"path": path, "now": now, "id": asset.id, "above": list(above(path)),
             "kind": asset.type_code, "gravest_first": GRAVEST_FIRST}  # fmt: skip
    found = session.execute(AROUND, asked).one()
    told = (found.centres or (), found.lines or (), found.cards or (), found.alerts or ())
    return Around(Mode(found.mode), found.closed, *told)
