"""The form of a point: what was typed, what is wrong with it, said beside each field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from gis.authority import Actor
from gis.errors import Conflict, PlatformError, Rejected
from gis.store.base import new_id
from hazards.points import repository as points
from hazards.points.cases import proposing
from hazards.points.cases.models import HazardPointDraft, LedgerCase
from hazards.points.cases.proposing import Ask
from hazards.points.facts import Facts
from hazards.points.history import Difference, differences
from hazards.points.models import Entry, HazardPoint
from hazards.points.rules import GradeOrigin, Ground
from rescue_app.api.points_said import Said

WRONG = {
    "missing": "This is needed. Fill it in.",
    "string_too_short": "This is needed. Fill it in.",
    "string_too_long": "This is too long. Shorten it.",
    "enum": "Choose one.",
    "greater_than_equal": "This is too small.",
    "less_than_equal": "This is too big.",
    "int_parsing": "Write a whole number, digits only.",
    "int_from_float": "Write a whole number, digits only.",
    "float_parsing": "Write a number, such as 108.38.",
    "date_from_datetime_parsing": "Write a day, such as 2026-05-30.",
    "decimal_parsing": "Write a number, such as 350.5.",
    "too_long": "Twenty photos and documents are the most.",
    "decimal_max_places": "Two digits after the point are enough.",
}
NOT_SO = "This is not right. Correct it."
PLAIN = (
    "category",
    "evidence",
    "hazard_type",
    "name",
    "number",
    "address",
    "threatened_persons",
    "threatened_households",
    "threatened_frail",
    "threatened_property_10k_yuan",
    "owner_name",
    "owner_phone",
    "owner_unit",
    "owner_post",
    "monitoring_name",
    "monitoring_post",
    "monitoring_phone",
    "monitoring_method",
    "plan_exists",
    "cards_given",
    "drilled_on",
    "found_on",
    "direction",
    "volume_m3",
    "scale",
    "trigger",
    "works",
    "works_stage",
    "monitors",
    "warning_means",
    "file_ids",
)
FIELDS = (*PLAIN, "longitude", "latitude", "grade", "grade_reason")
ASIDE = "reason"
"""What is said about the change and not about the point."""


class Sent(BaseModel):
    """The form as a browser sends it: texts, whatever they say."""

    id: UUID
    case: UUID
    version: int
    reason: str = ""
    category: str = ""
    evidence: str = ""
    hazard_type: str = ""
    name: str = ""
    number: str = ""
    address: str = ""
    longitude: str = ""
    latitude: str = ""
    threatened_persons: str = ""
    threatened_households: str = ""
    threatened_frail: str = ""
    threatened_property_10k_yuan: str = ""
    owner_name: str = ""
    owner_phone: str = ""
    owner_unit: str = ""
    owner_post: str = ""
    monitoring_name: str = ""
    monitoring_post: str = ""
    monitoring_phone: str = ""
    monitoring_method: str = ""
    plan_exists: str = ""
    cards_given: str = ""
    drilled_on: str = ""
    found_on: str = ""
    direction: str = ""
    volume_m3: str = ""
    scale: str = ""
    trigger: str = ""
    works: str = ""
    works_stage: str = ""
    monitors: str = ""
    warning_means: list[str] = []
    file_ids: list[UUID] = []
    grade: str = ""
    grade_reason: str = ""


class Removal(BaseModel):
    """The form of a point's leaving the ledger."""

    case: UUID
    version: int
    ground: Ground
    report: str = ""

    def asked(self) -> dict[str, Any]:
        """Give it as the service takes it."""
        return {
            "seen_version": self.version,
            "ground": self.ground,
            "report": self.report,
        }


@dataclass(slots=True)
class PointForm:
    """What stands in the form. `problem` is what no single field can be blamed for.

    `theirs` is what somebody else changed while the form was open, `mine` what was typed.
    """

    id: UUID
    case: UUID
    version: int
    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    problem: PlatformError | None = None
    theirs: tuple[Difference, ...] = ()
    mine: dict[str, str] = field(default_factory=dict)
    their_name: str = ""

    @classmethod
    def empty(cls, given: Mapping[str, str]) -> "PointForm":
        """Open a form for a new point; a place may come with the address, from the map."""
        typed = dict.fromkeys((*FIELDS, ASIDE), "")
        typed |= {name: given[name] for name in ("longitude", "latitude") if name in given}
        point_id = new_id()
        return cls(point_id, point_id, 0, typed)

    @classmethod
    def of(cls, point: HazardPoint) -> "PointForm":
        """Open a form on what the entry says now."""
        return cls(point.id, new_id(), point.version, typed_of(point) | {ASIDE: ""})

    @classmethod
    def of_draft(cls, session: Session, case: LedgerCase, draft: HazardPointDraft) -> "PointForm":
        """Open a form on a draft; what others changed since is taken over and told."""
        typed = typed_of(draft) | {ASIDE: case.reason}
        form = cls(draft.point_id, case.id, draft.base_version, typed)
        form.meet(session)
        return form

    def meet(self, session: Session) -> None:
        """Take over what others changed since the form's version, and tell what that is."""
        now_says = points.find(session, self.id)
        before = points.version(session, self.id, self.version)
        if now_says is not None and before is not None:
            self.join(typed_of(before), PointForm.of(now_says))
            self.theirs = differences(before, now_says)
            self.their_name = now_says.changed_by_name

    def join(self, before: dict[str, str], now_says: "PointForm") -> None:
        """Keep what this person changed, and take over what others did to the rest."""
        self.mine = {name: self.typed[name] for name in FIELDS if self.typed[name] != before[name]}
        self.typed |= {name: now_says.typed[name] for name in FIELDS if name not in self.mine}
        self.version = now_says.version

    @classmethod
    def sent(cls, sent: Sent) -> "PointForm":
        """Take what a browser sent."""
        typed = {name: shown(getattr(sent, name)).strip() for name in (*FIELDS, ASIDE)}
        return cls(sent.id, sent.case, sent.version, typed)

    def read(self) -> Facts | None:
        """Give the facts, or note beside each field what is wrong with it."""
        filled = {name: self.typed[name] for name in FIELDS if self.typed[name]}
        try:
            return Said.model_validate(filled).facts()
        except ValidationError as error:
            self.errors = {
                str(e["loc"][0]): WRONG.get(e["type"], NOT_SO) for e in error.errors() if e["loc"]
            }
            return None

    def keep(self, session: Session, write: Callable[[Facts], object]) -> bool:
        """Write what was typed; what the ledger refuses leaves nothing and is told above."""
        facts = self.read()
        if facts is None:
            return False
        try:
            with session.begin_nested():
                write(facts)
        except (Rejected, Conflict) as problem:
            self.problem = problem
            return False
        return True


def entered(session: Session, sent: Sent, *, by: Actor, now: datetime) -> PointForm | None:
    """Apply for a new point; gives the form back when something is wrong with it."""
    form = PointForm.sent(sent)

    def write(facts: Facts) -> None:
        ask = Ask(sent.case, by, now, sent.reason)
        proposing.enter(session, ask=ask, point_id=sent.id, facts=facts)

    return None if form.keep(session, write) else form


def changed(
    session: Session, point_id: UUID, sent: Sent, *, by: Actor, now: datetime
) -> PointForm | None:
    """Apply for a change; gives the form back when something is wrong, or changed meanwhile.

    What others changed is then shown and taken over where this person changed nothing, so that
    applying again keeps the work of both.
    """
    form = PointForm.sent(sent)

    def write(facts: Facts) -> None:
        ask, seen, said = Ask(sent.case, by, now, sent.reason), sent.version, changes_of(facts)
        proposing.change(session, ask=ask, point_id=point_id, seen_version=seen, changes=said)

    return kept_or_met(session, form, write)


def reworked(
    session: Session, case_id: UUID, sent: Sent, *, by: Actor, now: datetime
) -> PointForm | None:
    """Say it better after it came back; gives the form back as `changed` does."""
    form = PointForm.sent(sent)

    def write(facts: Facts) -> None:
        ask = Ask(case_id, by, now, sent.reason)
        proposing.rework(session, ask=ask, seen_version=sent.version, facts=facts)

    return kept_or_met(session, form, write)


def kept_or_met(
    session: Session, form: PointForm, write: Callable[[Facts], None]
) -> PointForm | None:
    """Write what was typed, or give the form back, met with what others wrote meanwhile."""
    if form.keep(session, write):
        return None
    if isinstance(form.problem, Conflict):
        form.meet(session)
    return form


def typed_of(entry: Entry) -> dict[str, str]:
    """Give what a person would have typed to make an entry say this."""
    typed = {name: shown(getattr(entry, name)) for name in PLAIN}
    typed["grade"] = entry.grade if entry.grade_origin == GradeOrigin.BY_HAND else ""
    typed["grade_reason"] = entry.grade_reason or ""
    typed["longitude"], typed["latitude"] = shown(entry.place.x), shown(entry.place.y)
    return typed


def changes_of(facts: Facts) -> dict[str, object]:
    """Give what the form speaks of; it has no field for the extent."""
    return {f.name: getattr(facts, f.name) for f in fields(facts) if f.name != "extent"}


def shown(value: object) -> str:
    """Show a value as a person would type it."""
    if isinstance(value, list):
        return "\n".join(" ".join(one.values()) for one in value if isinstance(one, dict)) or (
            ",".join(str(one) for one in value)
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
