"""Who may act where: everyone sees and does within an area and what lies below it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from gis.errors import Forbidden


class Role(StrEnum):
    """What a person is here for; `SYSTEM` is the program, `RESIDENT` anyone without login."""

    SYSTEM = "system"
    RESIDENT = "resident"
    CITY_COMMANDER = "city_commander"
    DISTRICT_COMMANDER = "district_commander"
    STREET_COMMANDER = "street_commander"
    PLANNER = "planner"
    PATROL = "patrol"
    CREW = "crew"
    OBSERVER = "observer"


class Act(StrEnum):
    """What can be done; the verbs of the services, grouped as rights are given."""

    READ = "read"
    EDIT_POINT = "edit_point"
    REVIEW_POINT = "review_point"
    APPROVE_POINT = "approve_point"
    EDIT_ASSET = "edit_asset"
    ISSUE_CODE = "issue_code"
    INSPECT = "inspect"
    CLOSE_ASSET = "close_asset"
    REOPEN_ASSET = "reopen_asset"
    HANDLE_FINDING = "handle_finding"
    RULE_FINDING = "rule_finding"
    EVALUATE_FINDING = "evaluate_finding"
    RULE_CONFLICT = "rule_conflict"
    OPEN_INCIDENT = "open_incident"
    SET_REPORT_TIMES = "set_report_times"
    SET_LEVEL = "set_level"
    PROPOSE_ALERT = "propose_alert"
    ISSUE_ALERT = "issue_alert"
    ISSUE_ORDER = "issue_order"
    ANSWER_ORDER = "answer_order"
    MOVE_PEOPLE = "move_people"
    MANAGE_PEOPLE = "manage_people"
    SWITCH_MODE = "switch_mode"
    ASSIGN_TASK = "assign_task"
    EDIT_TEMPLATE = "edit_template"
    SET_THRESHOLD = "set_threshold"
    EDIT_RESPONSIBILITY = "edit_responsibility"
    MANAGE_GATEWAYS = "manage_gateways"
    MANAGE_FEEDS = "manage_feeds"


COMMANDERS = frozenset({Role.CITY_COMMANDER, Role.DISTRICT_COMMANDER, Role.STREET_COMMANDER})
STAFF = frozenset(Role) - {Role.SYSTEM, Role.RESIDENT}

RIGHTS: dict[Act, frozenset[Role]] = {
    Act.READ: STAFF,
    Act.EDIT_POINT: COMMANDERS | {Role.PLANNER},
    Act.REVIEW_POINT: frozenset({Role.CITY_COMMANDER, Role.DISTRICT_COMMANDER}),
    Act.APPROVE_POINT: frozenset({Role.CITY_COMMANDER}),
    Act.EDIT_ASSET: COMMANDERS | {Role.PLANNER},
    Act.ISSUE_CODE: COMMANDERS | {Role.PLANNER},
    Act.INSPECT: COMMANDERS | {Role.PATROL, Role.CREW},
    # Whoever stands before a danger closes it; that it is over, an office says.
    Act.CLOSE_ASSET: COMMANDERS | {Role.PATROL, Role.CREW},
    Act.REOPEN_ASSET: COMMANDERS,
    Act.HANDLE_FINDING: COMMANDERS,
    Act.RULE_FINDING: frozenset({Role.CITY_COMMANDER, Role.DISTRICT_COMMANDER}),
    Act.EVALUATE_FINDING: frozenset({Role.CITY_COMMANDER}),
    Act.RULE_CONFLICT: COMMANDERS,
    Act.OPEN_INCIDENT: COMMANDERS,
    Act.SET_REPORT_TIMES: frozenset({Role.CITY_COMMANDER}),
    Act.SET_LEVEL: frozenset({Role.CITY_COMMANDER, Role.DISTRICT_COMMANDER}),
    # One writes a warning, another reads it before thousands are told.
    Act.PROPOSE_ALERT: COMMANDERS | {Role.PLANNER},
    Act.ISSUE_ALERT: frozenset({Role.CITY_COMMANDER, Role.DISTRICT_COMMANDER}),
    Act.ISSUE_ORDER: COMMANDERS,
    Act.ANSWER_ORDER: COMMANDERS | {Role.CREW},
    Act.MOVE_PEOPLE: COMMANDERS | {Role.PATROL, Role.CREW},
    Act.MANAGE_PEOPLE: COMMANDERS,
    Act.SWITCH_MODE: COMMANDERS,
    Act.ASSIGN_TASK: COMMANDERS | {Role.PLANNER},
    Act.EDIT_TEMPLATE: frozenset({Role.CITY_COMMANDER, Role.PLANNER}),
    Act.SET_THRESHOLD: frozenset({Role.CITY_COMMANDER, Role.DISTRICT_COMMANDER, Role.PLANNER}),
    Act.EDIT_RESPONSIBILITY: frozenset(
        {Role.CITY_COMMANDER, Role.DISTRICT_COMMANDER, Role.PLANNER}
    ),
    Act.MANAGE_GATEWAYS: frozenset({Role.CITY_COMMANDER, Role.DISTRICT_COMMANDER}),
    Act.MANAGE_FEEDS: frozenset({Role.CITY_COMMANDER, Role.DISTRICT_COMMANDER, Role.PLANNER}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work.

    Attributes:
        id: the account.
        name: as shown beside everything the person did.
        role: decides which acts.
        area_path: decides where, such as `/500000/500101/`.

    """

    id: UUID
    name: str
    role: Role
    area_path: str


def within(area_path: str, outer_path: str) -> bool:
    """Tell whether an area is the outer one or lies in it."""
    return area_path.startswith(outer_path)


def city_of(area_path: str) -> str:
    """Give the path of the whole city that an area lies in."""
    return "/" + "".join(f"{code}/" for code in area_path.split("/")[1:2] if code)


def may(actor: Actor, act: Act, area_path: str) -> bool:
    """Tell whether the actor may do this in that area."""
    if actor.role is Role.SYSTEM:
        return True
    return actor.role in RIGHTS[act] and within(area_path, actor.area_path)


def require(actor: Actor, act: Act, area_path: str) -> None:
    """Raise Forbidden unless the actor may do this in that area."""
    if not may(actor, act, area_path):
        raise Forbidden("Your role does not allow this here. Ask the duty officer of your centre.")
