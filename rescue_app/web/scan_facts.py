"""What stands on the page of a scanned code, by who looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gis.authority import Actor, within
from gis.store.base import new_id
from hazards.checklists.repository import Checklist
from hazards.modes.rules import Mode
from qr_codes import scans
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.findings import repository as findings
from qr_codes.findings.models import Finding
from qr_codes.measures import rules as measures
from qr_codes.traffic import repository as traffic
from rescue_app.http.scanning import as_anyone
from rescue_app.web.scan_ground import Standing
from rescue_app.web.scan_lists import Asked, asked_at
from rescue_app.web.scan_roles import Roles, Way, roles_of, way_of
from rescue_app.web.scan_room import Room


@dataclass(frozen=True)
class Entered:
    """What was filled in before the page came back with a reason."""

    answers: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Scan(Standing):
    """Everything the page says. Without `roles` it is what anyone may read.

    In an emergency, under a grave warning or while it is closed it `leads` with closure and calls.
    """

    label: RiskCode
    mode: Mode
    way: Way
    roles: Roles | None
    asked: Asked
    centres: Sequence[dict[str, Any]]
    lines: Sequence[dict[str, Any]]
    alerts: Sequence[dict[str, Any]]
    cards: Sequence[measures.Card]
    open_findings: Sequence[Finding]
    visit_id: str
    entered: Entered
    elsewhere: bool
    room: Room

    @property
    def asset(self) -> Asset:  # type: ignore[override]  # it is the label's
        """Give what the label hangs on."""
        return self.label.asset

    @property
    def checklist(self) -> Checklist | None:
        """Give the list that is asked."""
        return self.asked.checklist

    @property
    def leads(self) -> bool:
        """Tell whether danger comes before the round."""
        return scans.acting(self.mode, self.alerts) != Mode.PEACE or self.way.closure is not None

    @property
    def needs(self) -> dict[str, dict[str, Any]]:
        """Give what the cards ask for, each material once."""
        return {need["code"]: need for card in self.cards for need in card["materials"]}

    @property
    def lacking(self) -> list[dict[str, Any]]:
        """Give what the cards ask for and no store has."""
        stores = self.roles.stores if self.roles else ()
        held = {code for store in stores for code in store.stock}
        return [need for code, need in self.needs.items() if code not in held]


def facts(
    session: Session,
    label: RiskCode,
    *,
    actor: Actor | None,
    now: datetime,
    entered: Entered | None = None,
    whole: bool = False,
    wanted: str = "",
) -> Scan:
    """Gather what this person sees of a label in force: `whole`, or the `wanted` list first."""
    asset = label.asset
    mine = actor is not None and within(asset.area_path, actor.area_path)
    found: Sequence[Finding] = ()
    roles, asked = None, Asked()
    with as_anyone(session, None if mine else actor):
        about = scans.around(session, asset, now=now)
        closure = traffic.closure_of(session, asset.id) if about.closed else None
        way = way_of(session, asset, closure, always=mine)
    cards = measures.in_mode(about.cards, measures.mode_of(about.acting, closed=about.closed))
    if actor is not None and mine:
        found, _ = findings.listing(session, findings.Wanted(asset_id=asset.id))
        roles = roles_of(session, asset, by=actor, now=now, wanted=measures.needed(cards))
        asked = asked_at(session, asset, about.acting, by=actor, now=now, wanted=wanted)
    return Scan(
        label=label,
        mode=about.mode,
        alerts=about.alerts,
        way=way,
        roles=roles,
        asked=asked,
        centres=about.centres,
        lines=about.lines,
        cards=cards if mine else measures.for_anyone(cards),
        open_findings=found,
        visit_id=str(new_id()),
        entered=entered or Entered(),
        elsewhere=actor is not None and not mine,
        room=Room(label.code, endless=whole, guest=actor is None),
    )
