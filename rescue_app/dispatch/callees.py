"""Who is called when an order is handed to a unit or a crew, and who after them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from hazards.calls.drafts import Callee, Step
from hazards.calls.program import as_program
from hazards.calls.rules import RungKind
from hazards.duty import people
from hazards.duty import repository as duty
from hazards.duty.models import Member
from hazards.duty.responsibility import above
from rescue_app.auth import repository as accounts
from rescue_app.auth.models import Account
from rescue_app.dispatch.drafts import Holder
from rescue_app.dispatch.rules import HopKind


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who may be called for some holders, read at once."""

    seated: Mapping[UUID, Sequence[Member]]
    staff: Mapping[UUID, Sequence[Member]]
    centres: Mapping[str, list[Callee]]
    """People of an area's centre; where none is registered, who commands there."""

    def centre(self, area_path: str) -> list[Callee]:
        """Give who is called at an area's centre."""
        return self.centres.get(area_path, [])

    def own(self, holder: Holder) -> list[Callee]:
        """People of the unit or crew itself, who leads it first."""
        if holder.holder is HopKind.CREW and holder.crew_id is not None:
            return _members(self.seated.get(holder.crew_id, ()))
        members = _members(self.staff.get(holder.unit_id, ()))
        is_centre = holder.holder is HopKind.CENTRE
        return members or (self.centre(holder.area_path) if is_centre else [])


def read(session: Session, holders: Sequence[Holder], *, giver_path: str) -> Roster:
    """Read everybody in four queries, however many holders."""
    paths = {path for holder in holders for path in _above(holder, giver_path)}
    paths |= {holder.area_path for holder in holders}
    return Roster(
        people.seated(session, [h.crew_id for h in holders if h.crew_id]),
        people.staff(session, {h.unit_id for h in holders if h.holder is not HopKind.CREW}),
        _centres(session, paths),
    )


def _centres(session: Session, paths: Collection[str]) -> dict[str, list[Callee]]:
    staff, commanders = people.centre_staff(session, paths), accounts.commanders_at(session, paths)
    commanding = {path: [_commander(one) for one in found] for path, found in commanders.items()}
    return commanding | {path: _members(found) for path, found in staff.items()}


def ladder(roster: Roster, holder: Holder, *, giver_path: str) -> tuple[Step, ...]:
    """The leader, then his deputy, then who is on duty in the centres above, up to the giver's.

    Without anybody of the unit itself there is no ladder: nobody else can answer for it.
    """
    own = roster.own(holder)
    if not own:
        return ()
    steps = [
        Step(kind, (who,))
        for kind, who in zip((RungKind.FIRST, RungKind.DEPUTY), own, strict=False)
    ]
    for path in _above(holder, giver_path):
        steps += [Step(RungKind.SUPERIOR, (superior,)) for superior in roster.centre(path)[:1]]
    return tuple(steps)


def upward(session: Session, holder: Holder, *, giver_path: str) -> tuple[Step, ...]:
    """Who answers what a holder asks of those above: his giver's centre, then those above it."""
    roster = read(session, [holder], giver_path=giver_path)
    nearest = roster.centre(giver_path)
    steps = [Step(RungKind.FIRST, (one,)) for one in nearest[:1]]
    steps += [Step(RungKind.DEPUTY, (one,)) for one in nearest[1:2]]
    paths = list(above(giver_path))[1:]
    higher = _centres(session, paths)
    for path in paths:
        steps += [Step(RungKind.SUPERIOR, (one,)) for one in higher.get(path, [])[:1]]
    return tuple(steps)


def of_centre(session: Session, path: str) -> tuple[Step, ...]:
    """Who is called at an area's centre: its leader, his deputy, then those above."""
    with as_program(session):
        unit = duty.centre_of(session, path)
        if unit is None:
            return ()
        holder = Holder(HopKind.CENTRE, unit.id, None, unit.name, unit.name_en, path)
        return upward(session, holder, giver_path=path)


def _above(holder: Holder, giver_path: str) -> list[str]:
    """The centre next above a holder, then the giver's; above a crew is its own street."""
    if holder.lent_path:
        return [giver_path]  # its own street does not send it now
    next_above = holder.area_path
    if holder.holder is HopKind.CENTRE:
        next_above = next_above.rstrip("/").rpartition("/")[0] + "/"
    between = [next_above] if len(next_above) > len(giver_path) else []
    return [*between, giver_path]


def _members(members: Sequence[Member]) -> list[Callee]:
    return [
        Callee(m.name, m.area_path, m.post, m.phone, member_id=m.id, account_id=m.account_id)
        for m in members
    ]


def _commander(account: Account) -> Callee:
    return Callee(account.name, account.area_path, "", account.phone or "", account_id=account.id)
