"""What a file of households would do, and the taking over: the same file again changes nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from gis.areas.placing import day_of, path_at
from gis.authority import Act, Actor, may, require
from gis.errors import Rejected
from hazards.duty import lists
from hazards.duty.lists import Slip
from rescue_app.evacuation import household_lists, households, repository
from rescue_app.evacuation.household_lists import Said
from rescue_app.evacuation.households import MOST_AT_ONCE, HouseholdDraft
from rescue_app.evacuation.models import Household

Compared = lists.Compared[Said]


def source_of(by: Actor) -> str:
    """Give whose numbers those of a file are: two districts may both have a household 1."""
    return f"list {by.area_path}"


def compare(
    session: Session,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    crs: str,
    by: Actor,
    now: datetime,
) -> Compared:
    """Say what rows would do to the actor's households, changing nothing."""
    require(by, Act.EDIT_POINT, by.area_path)
    taken, slips = household_lists.read(rows, crs=crs)
    if len(taken) > MOST_AT_ONCE:
        raise Rejected("A list holds at most {most} households. Cut it in parts.",
                       most=MOST_AT_ONCE)  # fmt: skip
    known = repository.households_of(session, source_of(by), [one.key for one in taken.values()])
    new, changed = {}, {}
    for line, said in taken.items():
        path = path_at(session, said.draft.place, day=day_of(now))
        if path is None or not may(by, Act.EDIT_POINT, path):
            place = f"{said.draft.place.x:.6f} {said.draft.place.y:.6f}"
            slips.append(Slip(line, "lon", place, Rejected(
                "This place is not in your area. Check longitude, latitude and their system."
            )))  # fmt: skip
        elif said.key not in known:
            new[line] = said
        elif fields := differing(known[said.key], said.draft):
            changed[line] = (said, fields)
    late = sum(slip.line in taken for slip in slips)
    same = len(taken) - len(new) - len(changed) - late
    return Compared(new, changed, same, sorted(slips, key=lambda slip: slip.line))


def differing(row: Household, draft: HouseholdDraft) -> list[str]:
    """Tell which facts of a household differ."""
    plain = ("head", "phone", "address", "people", "frail", "needs")
    fields = [name for name in plain if getattr(row, name) != getattr(draft, name)]
    return fields + (["lon"] if not row.place.equals_exact(draft.place, 1e-7) else [])


def take_over(session: Session, found: Compared, *, by: Actor, now: datetime) -> int:
    """Keep what is new and what changed; all of it or nothing."""
    drafts = [said.draft for said in found.new.values()]
    drafts += [said.draft for said, _ in found.changed.values()]
    return households.bring_in(session, source=source_of(by), drafts=drafts, by=by, now=now)
