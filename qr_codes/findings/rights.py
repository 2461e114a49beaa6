"""Whose act each step of a finding is: pure."""

from uuid import UUID

from gis.authority import Act, Actor, may, require
from gis.errors import Forbidden, Rejected
from qr_codes.findings import rules
from qr_codes.findings.rules import BY_HAND, NEEDS_UNIT, Standing, Step

RIGHTS = {
    Step.VERIFY: Act.INSPECT,
    Step.REOPEN: Act.INSPECT,
    Step.NOTE: Act.INSPECT,
    Step.RULE: Act.RULE_FINDING,
    Step.EVALUATE: Act.EVALUATE_FINDING,
    Step.SEND_BACK: Act.EVALUATE_FINDING,
}
ON_SITE = frozenset({Step.VERIFY})
USUAL_FIRST = (
    Step.RULE, Step.ROUTE, Step.ACCEPT, Step.BEGIN, Step.FINISH, Step.VERIFY, Step.FEED_BACK,
    Step.EVALUATE, Step.SEND_BACK, Step.REOPEN, Step.ASSIST, Step.HAND_BACK, Step.NOTE,
)  # fmt: skip


def check(now: Standing, act: Step, *, by: Actor, found_by: UUID, area_path: str) -> None:
    """Refuse whoever may not take this step."""
    if act not in BY_HAND:
        raise Rejected("A finding is discovered and seen by an inspection, not by hand.")
    if act is Step.FEED_BACK and by.id == found_by:
        return  # whoever found it has read how it ended
    require(by, RIGHTS.get(act, Act.HANDLE_FINDING), area_path)
    if act is Step.VERIFY and by.id in now.finishers:
        raise Forbidden(
            "Whoever called it finished does not verify it too. Ask somebody else to scan the code."
        )


def checked_feed_back(act: Step, note: str, *, by: Actor, found_by: UUID) -> None:
    """Hold that feeding back for somebody else says how he was told."""
    if act is Step.FEED_BACK and by.id != found_by and not note:
        raise Rejected("Say how the finder was told: by phone, on site, in writing.")


def open_steps(now: Standing, *, by: Actor, found_by: UUID, area_path: str) -> list[Step]:
    """Give what this person can do now, the usual one first."""
    found = []
    for act in USUAL_FIRST:
        if rules.refusal(now, act) is not None:
            continue
        try:
            check(now, act, by=by, found_by=found_by, area_path=area_path)
        except Forbidden:
            continue
        found.append(act)
    return found


def plain_steps(steps: list[Step]) -> list[Step]:
    """Leave out what needs an office, a scan or a form of its own."""
    apart = NEEDS_UNIT | ON_SITE | {Step.EVALUATE}
    return [step for step in steps if step not in apart]


def may_handle(by: Actor, area_path: str) -> bool:
    """Tell whether this person moves findings here."""
    return may(by, Act.HANDLE_FINDING, area_path)
