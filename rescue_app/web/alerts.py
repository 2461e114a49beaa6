"""Pages of warnings: what is in force and was, one of them with its history, and what is done."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator
from shapely import MultiPolygon, to_geojson
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may
from gis.geometry import polygons
from hazards.alerts import repository, service
from hazards.alerts.models import Alert
from hazards.alerts.rules import PAST, Colour, Source, State
from hazards.cap import repository as cap
from hazards.points import types
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.web import alert_filling, flash
from rescue_app.web.map_inside import corners
from rescue_app.web.render import language, page, say

router = APIRouter(include_in_schema=False)
SECTION = "alerts"
MOST_PARTS = 12
"""More would make an address that is too long."""
COARSE_DEG = 0.0005
Said = Annotated[str, Form(max_length=2_000)]
Blank = BeforeValidator(lambda value: value or None)


class Show(StrEnum):
    """Which part of the list is shown."""

    NOW = "now"
    WAITING = "waiting"
    PAST = "past"


class Asked(BaseModel):
    """What the list's address asks for."""

    show: Show = Show.NOW
    colour: Annotated[Colour | None, Blank] = None
    hazard: str = ""
    drills: bool = False

    def wanted(self, now: datetime, show: Show | None = None) -> repository.Wanted:
        """Give it as the repository takes it."""
        states = {Show.NOW: {State.ISSUED}, Show.WAITING: {State.DRAFT}, Show.PAST: PAST}
        part = show or self.show
        return repository.Wanted(
            states=states[part],
            colour=self.colour,
            hazard_type=self.hazard or None,
            is_drill=self.drills,
            until=now if part is Show.NOW else None,
        )


@router.get("/alerts", name="alerts")
def list_alerts(
    request: Request, db: Db, actor: Who, now: Now, asked: Annotated[Asked, Query()]
) -> Response:
    """Show the warnings that concern the reader's area; drills stand apart."""
    seq = request.app.state.hub.seq  # before the contents, so that nothing falls between
    facts = summed(db, actor, now, asked)
    return page(request, "alerts/list.html", seq=seq, now=now, section=SECTION, **facts)


@router.get("/alerts/{alert_id}", name="alert")
def show_alert(request: Request, db: Db, actor: Who, now: Now, alert_id: UUID) -> Response:
    """Show a warning: where, until when, what to do, what became of it."""
    seq = request.app.state.hub.seq
    facts = detail(db, service.visible(db, alert_id), actor, language(request))
    return page(request, "alerts/detail.html", seq=seq, now=now, section=SECTION, **facts)


@router.get("/alerts/{alert_id}/panel", name="alert_panel")
def alert_panel(request: Request, db: Db, _: Who, now: Now, alert_id: UUID) -> Response:
    """Show a warning beside the map."""
    kinds = {kind.code: kind for kind in types.all_types(db)}
    alert = service.visible(db, alert_id)
    return page(request, "map/alert.html", row=alert, kinds=kinds, now=now)


@router.post("/alerts/{alert_id}/issue")
def issue(request: Request, db: Db, actor: Who, now: Now, alert_id: UUID) -> Response:
    """Approve it: from now on it holds."""
    service.issue(db, alert_id=alert_id, by=actor, now=now)
    return back(request, alert_id, "Issued. Every page in its area shows it from now on.")


@router.post("/alerts/{alert_id}/drop")
def drop(
    request: Request, db: Db, actor: Who, now: Now, alert_id: UUID, why: Said = ""
) -> Response:
    """Throw a proposal away."""
    service.drop(db, alert_id=alert_id, by=actor, now=now, why=why)
    return back(request, alert_id, "Dropped. Nobody was told.")


@router.post("/alerts/{alert_id}/cancel")
def cancel(
    request: Request, db: Db, actor: Who, now: Now, alert_id: UUID, why: Said = ""
) -> Response:
    """Call it off before its time."""
    service.cancel(db, alert_id=alert_id, by=actor, now=now, why=why)
    return back(request, alert_id, "Called off. No page shows it any more.")


def summed(db: Session, actor: Actor, now: datetime, asked: Asked) -> dict[str, Any]:
    """Gather the list, and how many there are in its other parts."""
    return {
        "rows": repository.listed(db, asked.wanted(now)),
        "asked": asked,
        "counts": {str(one): repository.count(db, asked.wanted(now, one)) for one in Show},
        "played": repository.count(
            db, repository.Wanted(states=(State.ISSUED, State.DRAFT), is_drill=True)
        ),
        "kinds": {kind.code: kind for kind in types.all_types(db)},
        "may_propose": may(actor, Act.PROPOSE_ALERT, actor.area_path),
    }


def detail(db: Session, alert: Alert, actor: Actor, locale: str) -> dict[str, Any]:
    """Gather what stands on the page of a warning."""
    chain = repository.chain(db, alert.root_id)
    issues = may(actor, Act.ISSUE_ALERT, alert.area_path)
    mine = alert.proposed_by == actor.id
    parts = polygons(alert.extent) if alert.extent else []
    return {
        "row": alert,
        "chain": chain,
        "steps": repository.steps(db, [one.id for one in chain]),
        "kinds": {kind.code: kind for kind in types.all_types(db)},
        "shape": outline(alert),
        "may_issue": issues and not (mine and alert.source == Source.HAND),
        "may_drop": issues or (mine and may(actor, Act.PROPOSE_ALERT, alert.area_path)),
        "may_cancel": issues,
        "may_open": may(actor, Act.OPEN_INCIDENT, actor.area_path) and not alert.is_drill,
        "happened": alert_filling.happened(alert, locale),
        "corners": "\n\n".join(map(corners, parts)) if len(parts) <= MOST_PARTS else "",
        "may_propose": may(actor, Act.PROPOSE_ALERT, alert.area_path),
        "mine": mine,
        "reached": repository.reached(db, alert) if alert.calling else 0,
        "outside": cap.of_alert(db, alert.root_id) if alert.source == Source.OUTSIDE else (),
    }


def outline(alert: Alert) -> str:
    """Give where it holds as GeoJSON, as coarse as a small map shows it."""
    if alert.extent is None:
        return ""
    coarse = alert.extent.simplify(COARSE_DEG)
    return to_geojson(MultiPolygon(polygons(coarse)))


def back(request: Request, alert_id: UUID, text: str) -> Response:
    """Go to a warning's page and say there what was done."""
    return flash.say(RedirectResponse(f"/alerts/{alert_id}", 303), say(request, text))
