"""The form of an order: its fields, whom it can go to, and the line that says who is reached."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Actor, Role
from gis.errors import PlatformError, Rejected
from gis.store.base import new_id
from hazards.duty import abilities
from rescue_app.dispatch import at_hand, service, targets
from rescue_app.dispatch.checklist import items_of
from rescue_app.dispatch.drafts import ANSWER_WITHIN_S, OrderDraft, Target, checked_order
from rescue_app.dispatch.models import Order
from rescue_app.dispatch.rules import Urgency
from rescue_app.incidents import repository as incidents
from rescue_app.incidents.models import Incident
from rescue_app.web.render import LOCAL_ZONE, page, say

Blank = BeforeValidator(lambda value: value or None)
LEVELS = {
    Role.CITY_COMMANDER: "city",
    Role.DISTRICT_COMMANDER: "district",
    Role.STREET_COMMANDER: "street",
}


class OrderForm(BaseModel):
    """The form's fields; its number is made with the form, so a second press is the same order."""

    id: UUID = Field(default_factory=new_id)
    incident: Annotated[UUID | None, Blank] = None
    what: str = ""
    where: str = ""
    urgency: Urgency = Urgency.URGENT
    due: str = ""
    checklist: str = ""
    needs: list[str] = Field(default_factory=list)
    targets: list[str] = Field(default_factory=list)
    part_of: list[str] = Field(default_factory=list)
    parts: list[str] = Field(default_factory=list)
    find: str = ""
    confirmed: bool = False

    def chosen(self) -> tuple[Target, ...]:
        """Give the ticked targets as the service takes them."""
        return tuple(chosen(self.targets, self.part_of, self.parts))

    @property
    def words_of(self) -> dict[str, str]:
        """Give what was written for each target, ticked or not."""
        return dict(zip(self.part_of, self.parts, strict=False))

    def draft(self, incident: Incident | None) -> OrderDraft:
        """Give it as the service takes it; the place is the incident's."""
        return OrderDraft(
            id=self.id,
            what=self.what,
            where=self.where,
            urgency=self.urgency,
            targets=self.chosen(),
            incident_id=self.incident,
            place=incident.place if incident else None,
            due_at=read_due(self.due),
            checklist=items_of(self.checklist.splitlines()),
            crew_needs=tuple(dict.fromkeys(self.needs)),
        )


def chosen(targets: list[str], part_of: list[str], parts: list[str]) -> list[Target]:
    """Give ticked targets, each with the words that are its own."""
    words = dict(zip(part_of, parts, strict=False))
    return [Target.parse(target, words.get(target, "")) for target in targets]


def read_due(entered: str) -> datetime | None:
    """Read a deadline as the city's clocks show it; empty means at once."""
    if not entered:
        return None
    try:
        return datetime.fromisoformat(entered).replace(tzinfo=LOCAL_ZONE)
    except ValueError:
        raise Rejected("This is not a time: {entered}", entered=entered) from None


def incident_of(db: Session, form: OrderForm) -> Incident | None:
    """Find the incident an order is for."""
    return incidents.visible(db, form.incident) if form.incident else None


def show(
    request: Request,
    db: Session,
    actor: Actor,
    form: OrderForm,
    now: datetime,
    problem: PlatformError | None = None,
) -> Response:
    """Show the form with everything already entered."""
    incident = incident_of(db, form)
    area = None
    if incident:
        area = incidents.areas(db, [incident.area_path], day=day_of(now)).get(incident.area_path)
    near: list[at_hand.Near] = []
    if incident and not form.find.strip():
        near = at_hand.near(
            db, incident.place, inside=actor.area_path, day=day_of(now), needs=form.needs
        )
    listed = {one.choice.value for one in near}
    facts: dict[str, Any] = {
        "form": form,
        "incident": incident,
        "area": area,
        "near": near,
        "choices": [one for one in choices(db, actor, form) if one.value not in listed],
        "abilities": abilities.listed(db),
        "within_s": ANSWER_WITHIN_S,
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "section": "incidents",
    }
    return page(request, "orders/new.html", status=422 if problem else 200, **facts)


def confirm(
    request: Request, db: Session, actor: Actor, form: OrderForm, now: datetime
) -> Response:
    """Say in one line who will be reached, and ask once; the way without holding a button."""
    try:
        draft = checked_order(form.draft(incident_of(db, form)), now=now)
        abilities.check_known(db, draft.crew_needs)
        holders = targets.resolve(db, draft.targets, inside=actor.area_path)
    except PlatformError as problem:
        return show(request, db, actor, form, now, problem)
    facts: dict[str, Any] = {"form": form, "draft": draft, "holders": holders}
    facts["abilities"] = abilities.listed(db)
    return page(request, "orders/confirm.html", section="incidents", **facts)


def issue(db: Session, draft: OrderDraft, actor: Actor, now: datetime) -> Order:
    """Send it to all, or leave nothing behind: who is refused is shown his form again."""
    with db.begin_nested():
        return service.issue(db, draft=draft, by=actor, now=now)


def choices(db: Session, actor: Actor, form: OrderForm) -> list[targets.Choice]:
    """Whom this person can order, what he searched for, and whom he ticked."""
    level = LEVELS.get(actor.role, "")
    return targets.choices(
        db, inside=actor.area_path, level=level, words=form.find.strip(), chosen=form.chosen()
    )
