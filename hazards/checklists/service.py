"""Verbs of checklists: a city publishes its lists; a city or a district sets its figures."""

from datetime import datetime

from sqlalchemy.orm import Session

from gis.authority import Act, Actor, city_of, require
from gis.errors import Conflict, Missing, Rejected
from gis.store import audit, notify
from hazards.checklists import editions, figures, publishing
from hazards.checklists.files import TemplateEntry


def publish(session: Session, template: TemplateEntry, *, seen_version: int, by: Actor) -> int:
    """Put a template in force as its next version; `seen_version` is what the editor opened on.

    Lists are the whole city's, so that one item means the same everywhere.
    """
    city = city_of(by.area_path)
    require(by, Act.EDIT_TEMPLATE, city)
    held = editions.in_force(session, template.code)
    if held and held.version != seen_version:
        raise Conflict(
            "{who} published version {version} while you had this list open. Nothing of yours is"
            " published yet: open that version beside this one, then publish again.",
            who=held.made_by_name, version=held.version,
        )  # fmt: skip
    version = publishing.publish(session, template, by_name=by.name)
    said = {"code": template.code, "version": version}
    audit.record(session, act="checklist.published", subject=None, area_path=city, **said)
    notify.announce(session, topic="checklist", kind="published", ref=None, area_path=city)
    return version


def retire(session: Session, code: str, *, by: Actor) -> None:
    """Take a list out of force; what was answered on it stays, and it can be published again."""
    city = city_of(by.area_path)
    require(by, Act.EDIT_TEMPLATE, city)
    held = editions.in_force(session, code)
    if held is None:
        raise Missing("This list is not in force. Open the list of lists.")
    held.retired = True
    audit.record(session, act="checklist.retired", subject=None, area_path=city, code=code)
    notify.announce(session, topic="checklist", kind="retired", ref=None, area_path=city)


def set_figure(
    session: Session, code: str, *, value: float | None, by: Actor, now: datetime
) -> None:
    """Set a figure for one's own area, or with None fall back to the one above."""
    require(by, Act.SET_THRESHOLD, by.area_path)
    if not figures.exists(session, code):
        raise Missing("There is no such figure.")
    if value is not None and not figures.LEAST <= value <= figures.MOST:
        raise Rejected("A figure lies between {least} and {most}.",
                       least=figures.LEAST, most=figures.MOST)  # fmt: skip
    before = figures.put(session, code, value=value, by=by, now=now)
    facts = {"code": code, "before": before, "after": value}
    audit.record(session, act="threshold.set", subject=None, area_path=by.area_path, **facts)
