"""Two that are one, and one that is two: join a duplicate, take it apart, split something off."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, may, require
from gis.errors import Conflict, Missing
from rescue_app.incidents import repository, rules, service
from rescue_app.incidents.models import Incident
from rescue_app.incidents.rules import (
    MACHINES,
    IncidentDraft,
    Joined,
    Likeness,
    StepKind,
    begun_at,
    check_join,
)


def enter(
    session: Session,
    *,
    draft: IncidentDraft,
    by: Actor,
    now: datetime,
    limits: Likeness,
    same_as: UUID | None = None,
) -> Incident:
    """Open an incident, or add the word to the one that it is the same as.

    A person says himself whether it is the same; what a machine sends joins the nearest that is
    alike by itself. Its words stay in the log either way.
    """
    if same_as is None and draft.source in MACHINES and not _came(session, draft):
        same_as = next(iter(alike(session, draft, now=now, limits=limits)), None)
    if same_as is None:
        return service.open_incident(session, draft=draft, by=by, now=now)
    return tell_again(session, draft=draft, same_as=same_as, by=by, now=now)


def alike(session: Session, draft: IncidentDraft, *, now: datetime, limits: Likeness) -> list[UUID]:
    """Name open incidents that a new one is perhaps the same as, the nearest first."""
    if repository.visible(session, draft.id) is not None:
        return []
    family = repository.family(session, draft.hazard_type)
    near = repository.near(session, draft.place, within_m=limits.within_m)
    at = begun_at(draft.happened_at, now=now)
    return rules.alike(near, family=family, at=at, is_drill=draft.is_drill, limits=limits)


def tell_again(
    session: Session, *, draft: IncidentDraft, same_as: UUID, by: Actor, now: datetime
) -> Incident:
    """Keep in the log of an incident that somebody else told of it too.

    A centre that only sees it, such as a neighbour's whom it reaches, adds its word as well; the
    grade is for those whose incident it is.
    """
    rules.checked(draft)
    incident = service.visible(session, _root(session, same_as))
    own = may(by, Act.OPEN_INCIDENT, incident.area_path)
    if own:
        incident = service.changeable(session, incident.id, by)
        told_in = incident.area_path
    else:
        told_in = service.placed(session, draft.place, draft.extent, now=now)
        require(by, Act.OPEN_INCIDENT, told_in)
    facts = {
        "source": draft.source,
        "source_ref": draft.source_ref,
        "hazard_type": draft.hazard_type,
        "lon": draft.place.x,
        "lat": draft.place.y,
        "told_by": draft.told_by.strip(),
        "grade": draft.grade,
    }
    plain = {name: value if isinstance(value, float) else str(value or "")
             for name, value in facts.items()}  # fmt: skip
    service.keep(
        session, incident, StepKind.TOLD, by=by, now=now, note=draft.title, facts=plain,
        step_id=draft.id, area_path=told_in,
    )  # fmt: skip
    graver = rules.graver(incident.grade, draft.grade)
    if own and graver != incident.grade:
        regrade(session, incident, graver, by=by, now=now)
    return incident


def regrade(
    session: Session, incident: Incident, grade: str | None, *, by: Actor, now: datetime
) -> None:
    """Give an incident another grade; the time of its report follows."""
    facts = {"was": incident.grade, "became": grade}
    incident.grade = grade
    service.ended(session, incident, by=by, now=now, why="graded")
    service.keep(session, incident, StepKind.GRADED, by=by, now=now, facts=facts)


def merge(
    session: Session, *, incident_id: UUID, into_id: UUID, by: Actor, now: datetime, note: str = ""
) -> Incident:
    """Join an incident with the one that it is the same as; again changes nothing.

    What had been joined with it goes along. Orders and reports stay where they were given; the
    page of the other one shows them.
    """
    for each in (incident_id, into_id):
        service.visible(session, each)
    held = repository.held(session, [incident_id, into_id, *_joined(session, incident_id)])
    own = service.changeable(session, incident_id, by)
    into = service.changeable(session, into_id, by)
    check_join(_as_joined(own), _as_joined(into))
    if own.merged_into_id is not None:
        return into
    own.merged_into_id = into.id
    for follower in held.values():
        if follower.merged_into_id == own.id:
            follower.merged_into_id = into.id
    service.ended(session, own, by=by, now=now, why="merged")
    service.keep(session, own, StepKind.MERGED, by=by, now=now, note=note, other=into.id,
                 facts={"title": into.title})  # fmt: skip
    service.keep(session, into, StepKind.TOOK_IN, by=by, now=now, note=note, other=own.id,
                 facts={"title": own.title})  # fmt: skip
    graver = rules.graver(into.grade, own.grade)
    if graver != into.grade:
        regrade(session, into, graver, by=by, now=now)
    return into


def part(
    session: Session, *, incident_id: UUID, by: Actor, now: datetime, note: str = ""
) -> Incident:
    """Take a joined incident out again: it was another one after all."""
    own = service.changeable(session, incident_id, by)
    if own.merged_into_id is None:
        return own
    into = service.visible(session, own.merged_into_id)
    own.merged_into_id = None
    service.ended(session, own, by=by, now=now, why="parted")
    service.keep(session, own, StepKind.PARTED, by=by, now=now, note=note, other=into.id,
                 facts={"title": into.title})  # fmt: skip
    service.keep(session, into, StepKind.GAVE_BACK, by=by, now=now, note=note, other=own.id,
                 facts={"title": own.title})  # fmt: skip
    return own


def split(
    session: Session, *, from_id: UUID, draft: IncidentDraft, by: Actor, now: datetime
) -> Incident:
    """Make an incident of its own out of a part, such as the lake behind a landslide."""
    parent = service.changeable(session, from_id, by)
    if parent.merged_into_id is not None:
        raise Conflict("This incident is joined with another one. Split something off that one.")
    drill = parent.is_drill
    made = service.open_incident(
        session, draft=replace(draft, split_from=parent.id, is_drill=drill), by=by, now=now
    )
    if made.split_from_id != parent.id:
        raise Conflict("This incident's number is taken. Reload the page and enter it again.")
    for one, kind, other in (
        (parent, StepKind.SPLIT_OFF, made),
        (made, StepKind.CAME_FROM, parent),
    ):
        service.keep(
            session, one, kind, by=by, now=now, other=other.id, facts={"title": other.title},
            step_id=uuid5(made.id, kind),
        )  # fmt: skip
    return made


def _as_joined(one: Incident) -> Joined:
    return Joined(one.id, one.merged_into_id, one.closed_at is not None, one.is_drill)


def _came(session: Session, draft: IncidentDraft) -> bool:
    ref = draft.source_ref
    return ref is not None and repository.by_source(session, draft.source, ref) is not None


def _root(session: Session, incident_id: UUID) -> UUID:
    incident = repository.visible(session, incident_id)
    if incident is None:
        raise Missing("There is no such incident in your area.")
    return incident.merged_into_id or incident.id


def _joined(session: Session, incident_id: UUID) -> list[UUID]:
    return [one.id for one in repository.kin(session, incident_id)]
