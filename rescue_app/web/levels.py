"""The page of response levels: what is in force where, the change, and what held when."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.rules import AreaLevel
from gis.authority import Act, Actor, city_of, may
from gis.errors import Conflict, Rejected
from gis.store.base import new_id
from hazards.modes.rules import Mode
from rescue_app.http.dependencies import Db, Now, Who
from rescue_app.incidents import repository as incidents
from rescue_app.levels import repository, service
from rescue_app.levels.rules import LEVELS
from rescue_app.web import flash
from rescue_app.web.points_view import areas_read
from rescue_app.web.render import page, say

router = APIRouter(include_in_schema=False)
SECTION = "incidents"
END = "end"
Blank = BeforeValidator(lambda value: value or None)


class LevelForm(BaseModel):
    """The form's fields; its number is made with it, so a second press is the same change."""

    id: UUID = Field(default_factory=new_id)
    plan_type: str = ""
    areas: list[str] = Field(default_factory=list)
    level: str = ""
    ground: str = ""
    incident: Annotated[UUID | None, Blank] = None
    seen: list[str] = Field(default_factory=list)

    def drafts(self) -> list[service.LevelDraft]:
        """Give one change for each district that was ticked."""
        if not self.areas:
            raise Rejected("Choose at least one district.")
        if self.level not in (*LEVELS, END):
            raise Rejected("A response level is I, II, III or IV.")
        saw = dict(word.rsplit("=", 1) for word in self.seen if "=" in word)
        return [
            service.LevelDraft(
                area_path=path,
                plan_type=self.plan_type,
                level=None if self.level == END else self.level,
                ground=self.ground,
                incident_id=self.incident,
                seen=saw.get(f"{path}{self.plan_type}", "") if self.seen else None,
                id=uuid5(self.id, path),
            )
            for path in dict.fromkeys(self.areas)
        ]


@router.get("/levels", name="levels")
def show_levels(
    request: Request, db: Db, actor: Who, now: Now, form: Annotated[LevelForm, Query()]
) -> Response:
    """Show the levels in force, and the form, filled where a link says for what."""
    return show(request, db, actor, now, form)


@router.post("/levels")
def set_level(
    request: Request, db: Db, actor: Who, now: Now, form: Annotated[LevelForm, Form()]
) -> Response:
    """Set a level in one district or several at once; all of it or nothing."""
    try:
        with db.begin_nested():
            done = [service.put(db, draft=one, by=actor, now=now) for one in form.drafts()]
    except (Conflict, Rejected) as problem:
        return show(request, db, actor, now, form, problem=problem)
    return told(request, done, form)


@router.post("/levels/modes/{level}")
def set_mode(
    request: Request, db: Db, actor: Who, level: str, mode: Annotated[Mode, Form()]
) -> Response:
    """Say which mode follows a level."""
    service.put_mode(db, level=level, mode=mode, by=actor)
    said = say(request, "Set. The next change of a level follows it.")
    return flash.say(RedirectResponse("/levels", 303), said)


def show(
    request: Request,
    db: Session,
    actor: Actor,
    now: datetime,
    form: LevelForm,
    *,
    problem: Conflict | Rejected | None = None,
) -> Response:
    """Show the page of the reader's area."""
    path = actor.area_path
    held, past = repository.in_force(db, path), repository.history(db, path)
    districts = areas.tree(db, path, levels=[AreaLevel.DISTRICT])
    known = {row.area_path for row in (*held, *past)} | {one.path for one in districts}
    facts: dict[str, Any] = {
        "held": held,
        "history": past,
        "kinds": {kind.code: kind for kind in repository.types(db)},
        "modes_of": repository.mode_rows(db),
        "names": areas_read(request, db, known, now),
        "districts": districts,
        "form": form,
        "incident": incidents.visible(db, form.incident) if form.incident else None,
        "may_set": bool(districts) and may(actor, Act.SET_LEVEL, path),
        "may_set_modes": may(actor, Act.SET_LEVEL, city_of(path)),
        "problem": say(request, problem.text, **problem.values) if problem else None,
        "section": SECTION,
    }
    seq = request.app.state.hub.seq
    return page(request, "levels/page.html", status=422 if problem else 200, seq=seq, **facts)


def told(request: Request, done: list[service.Set], form: LevelForm) -> Response:
    """Go on and say what changed."""
    changed = [one for one in done if one.change]
    turned = [one for one in changed if one.turned and one.turned.switched.new]
    said = say(request, "It stands so already.")
    if len(changed) == 1:
        mode = "The mode followed." if turned else "The mode stays as it is."
        said = f"{say(request, 'Done; every centre is told.')} {say(request, mode)}"
    elif changed:
        text = "Done in {count} districts; the mode followed in {turned}. Every centre is told."
        said = say(request, text, count=len(changed), turned=len(turned))
    way = f"/incidents/{form.incident}" if form.incident else "/levels"
    return flash.say(RedirectResponse(way, 303), said)
