"""Photos of a visit on its pages: those that come with the form itself, and what each is of."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from gis.authority import Actor
from hazards.checklists import repository as checklists
from hazards.checklists.rules import PICTURED
from hazards.checklists.visits import Visit
from hazards.photos import repository
from hazards.photos import service as photos
from hazards.photos.rules import Promised
from hazards.tasks import answering
from hazards.tasks.answering import Answered
from hazards.tasks.models import TaskAnswer
from qr_codes.inspections import service
from qr_codes.inspections.models import Inspection
from qr_codes.inspections.service import Submitted
from rescue_app.web.scan_form import visit_of

PREFIX = "p."


def submitted(
    session: Session,
    asset_id: UUID,
    form: FormData,
    *,
    by: Actor,
    now: datetime,
    code_id: UUID | None = None,
) -> Submitted:
    """Keep a visit as a form tells it, with the photos that came in it."""
    visit = visit_of(form)
    promised = photos_of(session, form, visit, by=by, now=now)
    return service.submit(
        session,
        asset_id=asset_id,
        visit=visit,
        by=by,
        now=now,
        code_id=code_id,
        promised=promised,
    )


def answered(
    session: Session, task_id: UUID, form: FormData, *, by: Actor, now: datetime
) -> Answered:
    """Keep an answer to a list of a point, with the photos that came in its form."""
    visit = visit_of(form)
    promised = photos_of(session, form, visit, by=by, now=now)
    return answering.answer(
        session, task_id=task_id, visit=visit, by=by, now=now, promised=promised
    )


def photos_of(
    session: Session, form: FormData, visit: Visit, *, by: Actor, now: datetime
) -> list[Promised]:
    """Keep the photos of a form, as where no script runs; the form again brings them once."""
    found: list[Promised] = []
    for name in dict.fromkeys(name for name in form if name.startswith(PREFIX)):
        sent = [one for one in form.getlist(name) if isinstance(one, UploadFile) and one.filename]
        for number, one in enumerate(sent):
            photo_id, called = uuid5(visit.id, f"{name}.{number}"), one.filename or "photo"
            photos.take_in(session, one.file, photo_id=photo_id, name=called, by=by, now=now)
            item = name.removeprefix(PREFIX)
            found.append(Promised(photo_id, now, visit.place, visit.accuracy_m, item=item))
    return found


def photos_shown(session: Session, visit: Inspection | TaskAnswer) -> dict[str, Any]:
    """Give the photos of a visit, and by code the items of its list that ask for one."""
    shown = checklists.of_version(
        session, visit.template_code, visit.template_version, area_path=visit.area_path
    )
    asked = {item.code: item for item in shown.items if item.kind in PICTURED}
    return {"photos": repository.of(session, visit.id), "asked": asked}
