"""Who goes where, how a household stands, and when a danger area is clear: pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gis.authority import city_of
from gis.errors import Conflict, Rejected

NAMED = 5
NOTE_LENGTH = 500
MOST_PEOPLE = 1000


class StepKind(StrEnum):
    """What is said about a household: a deed, or that somebody else vouches for one."""

    FETCHED = "fetched"
    AT_SHELTER = "at_shelter"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"
    NOT_HOME = "not_home"
    RETURNED = "returned"
    CONFIRMED = "confirmed"


class Standing(StrEnum):
    """How a household stands; only `VERIFIED` counts as moved."""

    WAITING = "waiting"
    FETCHED = "fetched"
    SAID = "said"
    REFUSED = "refused"
    NOT_HOME = "not_home"
    RETURNED = "returned"
    VERIFIED = "verified"


SAFE = frozenset({StepKind.AT_SHELTER, StepKind.ELSEWHERE})
WITH_WORDS = frozenset({StepKind.ELSEWHERE, StepKind.REFUSED})
URGENCY = (
    Standing.RETURNED,
    Standing.REFUSED,
    Standing.NOT_HOME,
    Standing.WAITING,
    Standing.FETCHED,
    Standing.SAID,
    Standing.VERIFIED,
)
"""The order of the board: whoever is in most danger stands on top."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a household's log; `confirms` is the deed that is vouched for."""

    id: UUID
    kind: StepKind
    by_id: UUID
    done_at: datetime
    confirms: UUID | None = None


@dataclass(frozen=True, slots=True)
class State:
    """How a household stands, and the deed that says so."""

    standing: Standing
    deed: Step | None = None
    vouching: frozenset[UUID] = frozenset()

    @property
    def sheltered(self) -> bool:
        """Tell whether it is confirmed to be at its shelter."""
        at_shelter = self.deed is not None and self.deed.kind is StepKind.AT_SHELTER
        return at_shelter and self.standing is Standing.VERIFIED


def state_of(steps: Iterable[Step]) -> State:
    """Give the state that a log leads to, the same for every order of arrival.

    The last deed counts. It is verified once two persons stand for it: who did it, and another
    who said the same thing or confirmed it.
    """
    known = {step.id: step for step in steps}.values()
    deeds = sorted(
        (step for step in known if step.kind is not StepKind.CONFIRMED),
        key=lambda step: (step.done_at, step.id),
        reverse=True,
    )
    if not deeds:
        return State(Standing.WAITING)
    run = _same(deeds)
    if deeds[0].kind not in SAFE:
        return State(Standing(deeds[0].kind), deeds[0])
    ids = {step.id for step in run}
    people = {step.by_id for step in run} | {step.by_id for step in known if step.confirms in ids}
    standing = Standing.VERIFIED if len(people) > 1 else Standing.SAID
    return State(standing, deeds[0], frozenset(people))


def _same(deeds: Sequence[Step]) -> list[Step]:
    run = []
    for step in deeds:
        if step.kind is not deeds[0].kind:
            break
        run.append(step)
    return run


def checked_note(kind: StepKind, note: str) -> str:
    """Give the words of a step; a refusal says why, and elsewhere says where."""
    note = note.strip()[:NOTE_LENGTH]
    if kind in WITH_WORDS and not note:
        raise Rejected("Say why they refused, or where they went.")
    return note


def require_clear(unverified: Sequence[str]) -> None:
    """Refuse the all-clear while one household is not verified, and name which."""
    if unverified:
        named = "; ".join(unverified[:NAMED]) + ("…" if len(unverified) > NAMED else "")
        raise Conflict(
            "No all-clear: {count} households are not verified ({named}). Have each confirmed by "
            "a second person.",
            count=len(unverified),
            named=named,
        )


@dataclass(frozen=True, slots=True)
class Home:
    """A household as the proposal sees it."""

    id: UUID
    area_path: str
    people: int
    frail: int


@dataclass(frozen=True, slots=True)
class Shelter:
    """A shelter with the room that is left; `metres` is how far each household is from it."""

    id: UUID
    room: int
    metres: dict[UUID, float]


@dataclass(frozen=True, slots=True)
class Team:
    """A crew on duty and the area it works in."""

    id: UUID
    area_path: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who fetches a household and where it goes; what is missing a commander fills in."""

    home: Home
    team: UUID | None
    shelter: UUID | None
    metres: float | None


def propose(
    homes: Collection[Home], shelters: Sequence[Shelter], teams: Sequence[Team]
) -> list[Proposal]:
    """Send the frail first, each to the nearest shelter with room, fetched by the least laden."""
    room = {shelter.id: shelter.room for shelter in shelters}
    load = {team.id: 0 for team in teams}
    made = []
    for home in sorted(homes, key=lambda one: (-one.frail, -one.people, one.id)):
        shelter = _nearest(home, shelters, room)
        team = _free(home, teams, load)
        metres = shelter.metres[home.id] if shelter else None
        if shelter:
            room[shelter.id] -= home.people
        if team:
            load[team] += home.people
        made.append(Proposal(home, team, shelter.id if shelter else None, metres))
    return made


def above(area_path: str) -> str:
    """Give the area that an area lies in; the whole city lies in itself."""
    parent = area_path[: area_path.rstrip("/").rfind("/") + 1]
    return max(parent, city_of(area_path), key=len)


def _nearest(home: Home, shelters: Sequence[Shelter], room: dict[UUID, int]) -> Shelter | None:
    fit = [one for one in shelters if room[one.id] >= home.people]
    return min(fit, key=lambda one: (one.metres[home.id], one.id), default=None)


def _free(home: Home, teams: Sequence[Team], load: dict[UUID, int]) -> UUID | None:
    near = [one.id for one in teams if home.area_path.startswith(one.area_path)]
    return min(near, key=lambda one: (load[one], one), default=None)


def common_path(paths: Collection[str]) -> str:
    """Give the smallest area that holds all of these."""
    parts = [path.strip("/").split("/") for path in paths]
    shared = []
    for codes in zip(*parts, strict=False):
        if len(set(codes)) > 1:
            break
        shared.append(codes[0])
    return "/" + "".join(f"{code}/" for code in shared)
