"""How a roster stands: its numbers, each household's state, each shelter's count."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from rescue_app.evacuation import repository
from rescue_app.evacuation.beside import Named
from rescue_app.evacuation.models import Evacuation, Move, MoveStep
from rescue_app.evacuation.rules import URGENCY, Standing, State, Step, StepKind, state_of


@dataclass(frozen=True, slots=True)
class Line:
    """A household of a roster, its log, and the state that the log leads to."""

    move: Move
    steps: Sequence[MoveStep]
    state: State

    @property
    def last(self) -> MoveStep | None:
        """Give the deed that counts, with its words and who did it."""
        deed = self.state.deed
        return next((step for step in self.steps if deed and step.id == deed.id), None)

    def confirmable(self, account_id: UUID) -> bool:
        """Tell whether this person's word would make it verified."""
        said = self.state.standing is Standing.SAID
        return said and account_id not in self.state.vouching

    def turn(self, account_id: UUID, crews: Collection[UUID]) -> int:
        """Rank it for one person: on the way with his crew, his to fetch, his to confirm, the rest.

        Whoever stands at the shelter would else look for it below everybody who still waits.
        """
        if self.state.standing in (Standing.SAID, Standing.VERIFIED):
            return 2 if self.confirmable(account_id) else 4
        own = self.move.crew_id in crews
        if self.state.standing is Standing.FETCHED:
            return 0 if own or (self.last and self.last.by_id == account_id) else 3
        return 1 if own else 3


@dataclass(frozen=True, slots=True)
class Count:
    """A shelter: how many it holds, how many are sent there, how many are confirmed there."""

    shelter_id: UUID
    name: str
    places: int | None
    sent: int
    arrived: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything about a roster that the asker may see, the most urgent first."""

    lines: Sequence[Line]
    names: Mapping[UUID, Named]
    shelters: Sequence[Count]

    def people(self, *standings: Standing) -> int:
        """Count the people whose household stands so; without a word, all of them."""
        return sum(
            line.move.people
            for line in self.lines
            if not standings or line.state.standing in standings
        )

    @property
    def unverified(self) -> int:
        """Count the households that hold up the all-clear."""
        return sum(line.state.standing is not Standing.VERIFIED for line in self.lines)


def board(session: Session, roster: Evacuation) -> Board:
    """Read a roster."""
    moves = repository.moves(session, roster.id)
    logs = repository.steps(session, [move.id for move in moves])
    lines = [Line(move, logs[move.id], state_of(map(as_step, logs[move.id]))) for move in moves]
    lines.sort(key=lambda line: (URGENCY.index(line.state.standing), line.move.position))
    names = repository.names(session, moves)
    return Board(lines, names, _counts(session, lines, names))


def as_step(row: MoveStep) -> Step:
    """Give a line of the log as the rule takes it."""
    return Step(row.id, StepKind(row.kind), row.by_id, row.done_at, row.confirms)


def _counts(session: Session, lines: Sequence[Line], names: Mapping[UUID, Named]) -> list[Count]:
    sent: Counter[UUID] = Counter()
    arrived: Counter[UUID] = Counter()
    for line in lines:
        if line.move.shelter_id is not None:
            sent[line.move.shelter_id] += line.move.people
            arrived[line.move.shelter_id] += line.move.people if line.state.sheltered else 0
    places = repository.capacities(session, list(sent))
    return [Count(key, names[key].name, places.get(key), sent[key], arrived[key])
            for key in sorted(sent, key=lambda key: names[key].name)]  # fmt: skip
