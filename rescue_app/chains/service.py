"""Work a chain out, and keep it as it was worked out."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gis.areas.placing import day_of
from gis.authority import Actor, Role
from gis.errors import Conflict, Forbidden, Missing
from gis.store import audit
from gis.store.notify import announce
from rescue_app.chains import editions, isolation, repository, table, telling
from rescue_app.chains.isolation import Cuts
from rescue_app.chains.looking import Looking
from rescue_app.chains.models import KeptChain
from rescue_app.chains.rules import follow
from rescue_app.chains.starting import Asked, begin
from rescue_app.chains.telling import Content, Facts


@dataclass(frozen=True, slots=True)
class About:
    """What a kept chain belongs to."""

    point_id: UUID | None = None
    incident_id: UUID | None = None
    alert_id: UUID | None = None


def work_out(session: Session, asked: Asked, *, by: Actor, now: datetime) -> Content:
    """Follow the table from a point or a ground, and say who has to be told."""
    edition, day = editions.EDITIONS.one(session, None), day_of(now)
    rules, roads = table.read(edition.said), isolation.graph(session)
    begun = begin(session, rules, asked, on=day)
    cuts = Cuts(session, by.area_path, day, by_graph=roads is not None)
    chain = follow(rules, begun.starts, Looking(session, rules, cuts).look, rain=asked.rain)
    facts = Facts(
        edition=edition.edition, table=rules, rain=asked.rain, begun=begun, made_at=now,
        graph=roads.source if roads else "", off_graph=tuple(sorted(cuts.off_graph.values())),
    )  # fmt: skip
    return telling.content(session, chain, facts, by=by, on=day)


def keep(
    session: Session,
    asked: Asked,
    *,
    chain_id: UUID,
    about: About,
    by: Actor,
    now: datetime,
) -> KeptChain:
    """Keep a chain as it was worked out; the same id again is the same chain."""
    if by.role is Role.OBSERVER:
        raise Forbidden("Your role does not allow this here. Ask the duty officer of your centre.")
    known = session.get(KeptChain, chain_id)
    if known is None:
        content = work_out(session, asked, by=by, now=now)
        whose = {"area_path": by.area_path, "made_by": by.id, "made_by_name": by.name}
        whole = {"edition": content["edition"], "title": content["title"], "content": content}
        row = {"id": chain_id, "made_at": now} | asdict(about) | whose | whole
        repository.keep_once(session, row)
        audit.record(session, act="chain.kept", subject=chain_id, area_path=by.area_path)
        announce(session, topic="chain", kind="kept", ref=chain_id, area_path=by.area_path)
        known = session.get(KeptChain, chain_id)
    if known is None or known.made_by != by.id:
        raise Conflict("Another chain has this id. Work it out again.")
    return known


def visible(session: Session, chain_id: UUID) -> KeptChain:
    """Give a kept chain, or say that there is none."""
    found = session.get(KeptChain, chain_id)
    if found is None:
        raise Missing("There is no such chain in your area.")
    return found
