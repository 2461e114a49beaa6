"""Verbs of plans: ship them, publish the next version, read one.

As with checklists, a city's own version stays in force when the shipped file changes.
"""

import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from gis.errors import Missing, Rejected
from gis.store import audit
from gis.store.notify import announce
from hazards.checklists.publishing import SHIPPED_BY, check_seen
from hazards.duty.models import CrewAbility
from qr_codes.stores.models import Material
from rescue_app.levels.models import PlanType
from rescue_app.plans import files, repository
from rescue_app.plans.files import PlanEntry
from rescue_app.plans.models import PlanVersion
from rescue_app.plans.slips import Slip

TOPIC = "plan"
PLAN_LOCK = 0x59_54_50_4C


def load(session: Session, folder: Path, *, now: datetime) -> None:
    """Bring the shipped plans in, as often as one likes; a changed file is the next version."""
    for path in sorted(folder.glob("*.yaml")):
        entry = files.read(path)
        known = repository.versions(session, entry.type)
        if digest_of(entry) not in {one.digest for one in known if one.shipped}:
            held = next((one for one in known if one.in_force), None)
            beside = held is not None and not held.shipped
            add(session, entry, shipped=True, beside=beside, now=now, by_name=SHIPPED_BY)


def publish(
    session: Session, entry: PlanEntry, *, seen_version: int, by: Actor, now: datetime
) -> PlanVersion:
    """Put a plan in force as the next version; the same once more changes nothing."""
    require(by, Act.EDIT_TEMPLATE, city_of(by.area_path))
    session.execute(select(func.pg_advisory_xact_lock(PLAN_LOCK)))
    if session.get(PlanType, entry.type) is None:
        raise Rejected("Choose the kind of plan.")
    check_words(session, entry)
    held = repository.in_force(session, entry.type)
    if held is not None and held.digest == digest_of(entry):
        return held
    check_seen(held, seen_version)
    row = add(session, entry, shipped=False, beside=False, now=now, by_name=by.name)
    path = by.area_path
    facts = {"plan": entry.type, "version": row.version}
    audit.record(session, act="plan.published", subject=None, area_path=path, **facts)
    announce(session, topic=TOPIC, kind="published", ref=None, area_path=path)
    return row


def add(
    session: Session,
    entry: PlanEntry,
    *,
    shipped: bool,
    beside: bool,
    now: datetime,
    by_name: str,
) -> PlanVersion:
    """Add a version, and unless it is kept beside another's, put it in force."""
    known = repository.versions(session, entry.type)
    if not beside:
        repository.set_aside(session, entry.type)
    row = PlanVersion(
        plan_type=entry.type,
        version=max((one.version for one in known), default=0) + 1,
        content=entry.model_dump(mode="json"),
        digest=digest_of(entry),
        shipped=shipped,
        in_force=not beside,
        made_at=now,
        made_by_name=by_name,
    )
    session.add(row)
    session.flush()  # one of a kind is in force
    return row


def version_of(session: Session, plan_type: str, number: int | None = None) -> PlanVersion:
    """Give a version of a plan; without a number the one in force."""
    found = (
        session.get(PlanVersion, (plan_type, number))
        if number
        else repository.in_force(session, plan_type)
    )
    if found is None:
        raise Missing("There is no such plan.")
    return found


def entry_of(row: PlanVersion) -> PlanEntry:
    """Read the plan off a version."""
    return PlanEntry.model_validate(row.content)


def check_words(session: Session, entry: PlanEntry) -> None:
    """Refuse materials that no store could have, and what no crew could do or carry."""
    materials = set(session.scalars(select(Material.code)))
    abilities = set(session.scalars(select(CrewAbility.code)))
    for at, action in enumerate(entry.actions):
        for field, code, known in [
            *(("materials", code, materials) for code in action.materials),
            *(("crew", code, abilities) for code in action.crew),
        ]:
            if code not in known:
                raise Slip(
                    "Action {number} ({what}): nobody knows {word} here. Known are: {known}.",
                    action=at, field=field, number=at + 1, what=action.text.zh, word=code,
                    known=", ".join(sorted(known)),
                )  # fmt: skip


def digest_of(entry: PlanEntry) -> str:
    """Name what a plan says."""
    return hashlib.sha256(entry.model_dump_json().encode()).hexdigest()[:32]
