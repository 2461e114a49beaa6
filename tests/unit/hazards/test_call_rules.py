"""A ladder of calls: the same log always says the same, and only an answer stops it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from hazards.calls.rules import (
    Event,
    EventKind,
    Ladder,
    LadderState,
    Matter,
    Rung,
    RungKind,
    next_rung,
    standing,
    wakes_at,
)

START = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
WINDOW_S = 300
KINDS = (RungKind.FIRST, RungKind.DEPUTY, RungKind.SUPERIOR, RungKind.BY_HAND)
RUNGS = tuple(Rung(UUID(int=n + 1), n, kind, WINDOW_S) for n, kind in enumerate(KINDS))
LADDER = Ladder(UUID(int=99), RUNGS)
CALL = Matter((LADDER,), START)
FIRST, DEPUTY, SUPERIOR, BY_HAND = RUNGS


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def event(kind: EventKind, rung: Rung, when: datetime, number: int, step: str = "") -> Event:
    return Event(UUID(int=1000 + number), kind, when, frozenset({rung.id}), step)


class Tower:
    """Plays a ladder: the rules say whom to call, the log keeps it."""

    def __init__(self) -> None:
        self.log: list[Event] = []
        self.now = START
        self.tick()

    def tick(self) -> None:
        while (position := next_rung(LADDER, self.stands, self.now)) is not None:
            self.say(EventKind.QUEUED, RUNGS[position])

    def say(self, kind: EventKind, rung: Rung, step: str = "") -> None:
        self.log.append(event(kind, rung, self.now, len(self.log), step))

    def wait(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)
        self.tick()

    @property
    def stands(self):
        return standing(CALL, self.log, self.now).ladders[0]


def test_the_first_is_called_when_the_call_opens_and_the_deputy_when_his_time_is_over():
    tower = Tower()
    assert (tower.stands.state, tower.stands.position) == (LadderState.WAITING, 0)
    tower.wait(4.9)
    assert tower.stands.position == 0
    tower.wait(0.1)
    assert (tower.stands.state, tower.stands.position) == (LadderState.CLIMBING, 1)
    assert tower.stands.due_at == at(10)


def test_every_rung_knows_its_due_time_from_the_beginning():
    stands = standing(CALL, [], START).ladders[0]
    assert [rung.due_at for rung in stands.rungs] == [at(5), at(10), at(15), at(20)]


def test_no_receipt_stops_the_climb():
    tower = Tower()
    for receipt in (EventKind.ACCEPTED, EventKind.DELIVERED, EventKind.SEEN):
        tower.say(receipt, FIRST)
    tower.wait(5)
    assert tower.stands.position == 1


def test_cannot_climbs_at_once_and_gives_the_next_person_his_whole_time():
    tower = Tower()
    tower.wait(1)
    tower.say(EventKind.CANNOT, FIRST)
    tower.tick()
    assert (tower.stands.position, tower.stands.due_at) == (1, at(6))


def test_a_late_yes_of_the_first_stops_the_ladder_but_is_no_answer_of_the_deputy():
    tower = Tower()
    tower.wait(5)
    tower.say(EventKind.YES, FIRST)
    tower.wait(60)
    assert (tower.stands.state, tower.stands.position) == (LadderState.ANSWERED, 1)
    assert tower.stands.outcome == FIRST
    assert tower.stands.rungs[1].answer is None


def test_who_takes_his_yes_back_sets_the_ladder_going_again():
    tower = Tower()
    tower.say(EventKind.YES, FIRST)
    tower.wait(30)
    assert tower.stands.state is LadderState.ANSWERED
    tower.say(EventKind.CANNOT, FIRST)
    tower.tick()
    assert (tower.stands.state, tower.stands.position) == (LadderState.CLIMBING, 1)


def test_a_next_step_added_later_keeps_the_time_of_the_answer():
    tower = Tower()
    tower.wait(1)
    tower.say(EventKind.YES, FIRST)
    tower.wait(2)
    tower.say(EventKind.YES, FIRST, "Closing the road")
    first = tower.stands.rungs[0]
    assert (first.since, first.answer.next_step) == (at(1), "Closing the road")


def test_when_the_last_rung_is_past_the_ladder_says_that_nobody_took_it():
    tower = Tower()
    for _ in range(4):
        tower.wait(5)
    assert tower.stands.state is LadderState.SILENT
    assert wakes_at(tower.stands) is None
    tower.say(EventKind.YES, BY_HAND)
    assert tower.stands.outcome == BY_HAND


def test_a_worker_that_was_away_for_an_hour_gives_each_rung_its_own_time():
    tower = Tower()
    tower.wait(60)
    assert (tower.stands.position, tower.stands.due_at) == (1, at(65))


def test_of_two_who_are_called_together_one_cannot_waits_for_the_other():
    pair = (Rung(UUID(int=1), 0, RungKind.FIRST, 300), Rung(UUID(int=2), 0, RungKind.FIRST, 300))
    ladder = Ladder(UUID(int=99), (*pair, Rung(UUID(int=3), 1, RungKind.DEPUTY, 300)))
    log = [event(EventKind.QUEUED, rung, START, n) for n, rung in enumerate(pair)]
    log.append(event(EventKind.CANNOT, pair[0], at(1), 5))
    stands = standing(Matter((ladder,), START), log, at(1)).ladders[0]
    assert next_rung(ladder, stands, at(1)) is None
    log.append(event(EventKind.CANNOT, pair[1], at(2), 6))
    stands = standing(Matter((ladder,), START), log, at(2)).ladders[0]
    assert next_rung(ladder, stands, at(2)) == 1


def test_a_matter_that_is_over_climbs_no_more_and_keeps_its_answers():
    tower = Tower()
    tower.log.append(Event(UUID(int=5), EventKind.OVER, at(1)))
    tower.wait(30)
    assert (tower.stands.state, tower.stands.position) == (LadderState.OVER, 0)
    tower.say(EventKind.YES, FIRST)
    assert tower.stands.state is LadderState.ANSWERED


KIND = st.sampled_from([k for k in EventKind if k is not EventKind.QUEUED])
LINES = st.lists(st.tuples(KIND, st.integers(0, 3), st.integers(0, 1800)), max_size=12)


def as_log(lines) -> list[Event]:
    queued = [event(EventKind.QUEUED, rung, at(5 * n), n) for n, rung in enumerate(RUNGS[:2])]
    told = [
        event(kind, RUNGS[rung], START + timedelta(seconds=second), 10 + number)
        for number, (kind, rung, second) in enumerate(lines)
    ]
    return queued + told


@given(LINES, st.data())
def test_any_order_of_arrival_and_any_number_of_repeats_say_the_same(lines, data):
    log = as_log(lines)
    shuffled = data.draw(st.permutations(log + data.draw(st.lists(st.sampled_from(log)))))
    assert standing(CALL, shuffled, at(30)) == standing(CALL, log, at(30))


@given(LINES)
def test_receipts_never_change_what_a_ladder_does(lines):
    log = as_log(lines)
    heard = (EventKind.ACCEPTED, EventKind.DELIVERED, EventKind.SEEN)
    without = [line for line in log if line.kind not in heard]
    full, bare = (standing(CALL, each, at(7)).ladders[0] for each in (log, without))
    assert (full.state, full.position, full.due_at) == (bare.state, bare.position, bare.due_at)
    assert next_rung(LADDER, full, at(7)) == next_rung(LADDER, bare, at(7))


class Model:
    """The ladder as one would tell it: one finger on a rung, one egg timer."""

    def __init__(self) -> None:
        self.finger, self.timer, self.now = 0, WINDOW_S, 0
        self.answers: dict[int, EventKind] = {}

    def taken(self) -> bool:
        return EventKind.YES in self.answers.values()

    def act(self) -> None:
        while not self.taken() and self.finger < 3 and self._rung_is_spent():
            self.finger += 1
            self.timer = self.now + WINDOW_S

    def _rung_is_spent(self) -> bool:
        refused = self.answers.get(self.finger) is EventKind.CANNOT
        return refused or self.now >= self.timer


DEED = st.one_of(
    st.integers(1, 400),
    st.tuples(
        st.sampled_from([EventKind.YES, EventKind.CANNOT, EventKind.SEEN]), st.integers(0, 3)
    ),
)


@given(st.lists(DEED, max_size=25))
def test_whatever_people_and_clocks_do_the_ladder_does_what_the_simple_model_does(deeds):
    tower, model = Tower(), Model()
    for deed in deeds:
        if isinstance(deed, int):
            model.now += deed
            tower.wait(deed / 60)
        else:
            kind, rung = deed
            tower.say(kind, RUNGS[rung])
            if kind is not EventKind.SEEN:
                model.answers[rung] = kind
            tower.tick()
        model.act()
        assert tower.stands.position == model.finger
        assert (tower.stands.state is LadderState.ANSWERED) == model.taken()
        queued = [line for line in tower.log if line.kind is EventKind.QUEUED]
        assert len(queued) == len({line.rungs for line in queued}) == model.finger + 1
