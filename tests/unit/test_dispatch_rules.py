"""A hop's state is a fact about the set of its steps, never about how they came in."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Rejected
from rescue_app.api.order_shapes import StepIn
from rescue_app.dispatch.rules import (
    MOVES_NOTHING,
    ON_SITE_LINE,
    TAKEN_ON,
    HopKind,
    StepKind,
    checked_step,
    derive,
    next_on_site,
    plausible,
)
from tests.notebook import at, replay, step


def test_the_time_of_a_step_is_put_right_by_what_the_phone_says_at_the_sending():
    ahead = timedelta(hours=2)
    said = {"id": UUID(int=1), "kind": "moving", "done_at": at(3) + ahead}
    assert StepIn(**said, sent_at=at(60) + ahead).draft(at(60)).done_at == at(3)
    assert StepIn(**said).draft(at(60)).done_at == at(60)
    assert StepIn(id=UUID(int=1), kind="moving", sent_at=at(9)).draft(at(60)).done_at is None


logs = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.sampled_from(StepKind),
        st.integers(0, 12),
        st.booleans(),
        st.none() | st.integers(0, 30),
    ),
    max_size=14,
    unique_by=lambda drawn: drawn[0],
).map(lambda drawn: [step(*values) for values in drawn])


@given(logs)
def test_the_rule_agrees_with_a_person_reading_the_log(log):
    assert derive(log) == replay(set(log))


@given(logs, st.data())
def test_order_repeats_and_late_arrivals_change_nothing(log, data):
    repeats = data.draw(st.lists(st.sampled_from(log), max_size=6)) if log else []
    arrived = data.draw(st.permutations(log + repeats))
    assert derive(arrived) == derive(log)


@given(logs)
def test_nobody_counts_as_answered_who_did_not_say_yes_or_no(log):
    state = derive(log)
    said = [line for line in log if line.kind in TAKEN_ON or line.kind is StepKind.CANNOT]
    assert (state.kind in TAKEN_ON) <= bool(said)
    assert state.answer is None or state.answer in said


def test_a_yes_after_a_no_starts_again():
    log = [
        step(1, StepKind.ACCEPTED, 1),
        step(2, StepKind.MOVING, 2),
        step(3, StepKind.CANNOT, 3),
        step(4, StepKind.ACCEPTED, 9),
    ]
    state = derive(log)
    assert (state.kind, state.answer) == (StepKind.ACCEPTED, log[3])


def test_a_deed_after_the_withdrawal_is_logged_but_changes_nothing():
    log = [
        step(1, StepKind.ACCEPTED, 1),
        step(2, StepKind.WITHDRAWN, 5),
        step(3, StepKind.DONE, 6),
    ]
    assert derive(log).kind is StepKind.WITHDRAWN


def test_what_was_done_before_the_withdrawal_stays_done():
    log = [step(1, StepKind.DONE, 4), step(2, StepKind.WITHDRAWN, 5)]
    assert derive(log).kind is StepKind.DONE


@given(logs)
def test_only_a_cannot_that_holds_has_a_proposal_open_and_no_word_was_said_on_it(log):
    offer = derive(log).offer
    declined = {line.about for line in log if line.kind is StepKind.DECLINED}
    assert offer is None or (offer.kind, offer.offers) == (StepKind.CANNOT, True)
    assert offer is None or (offer == derive(log).answer and offer.id not in declined)


def test_a_taken_proposal_ends_the_hop_and_what_comes_late_changes_nothing():
    log = [
        step(1, StepKind.CANNOT, 1, offers=True),
        step(2, StepKind.REPLACED, 4, about=1),
        step(3, StepKind.ACCEPTED, 5),
    ]
    assert derive(log[:1]).offer == log[0]
    state = derive(log)
    assert (state.kind, state.answer, state.offer) == (StepKind.REPLACED, log[0], None)


def test_a_declined_proposal_leaves_the_hop_returned_and_a_new_one_is_open():
    log = [step(1, StepKind.CANNOT, 1, offers=True), step(2, StepKind.DECLINED, 4, about=1)]
    assert (derive(log).kind, derive(log).offer) == (StepKind.CANNOT, None)
    again = step(3, StepKind.CANNOT, 6, offers=True)
    assert derive([*log, again]).offer == again


def test_a_proposal_comes_with_cannot_alone():
    with pytest.raises(Rejected, match="comes with 'cannot'"):
        checked_step(StepKind.ACCEPTED, holder=HopKind.CREW, note="", offers=True)


def test_cannot_needs_its_because():
    with pytest.raises(Rejected, match="Say why"):
        checked_step(StepKind.CANNOT, holder=HopKind.CREW, note="  ")


def test_a_centre_does_not_report_from_the_site():
    with pytest.raises(Rejected, match="only a crew"):
        checked_step(StepKind.ARRIVED, holder=HopKind.CENTRE, note="")


@pytest.mark.parametrize(
    "kind", [StepKind.WITHDRAWN, StepKind.QUEUED, StepKind.PASSED_DOWN, StepKind.REPLACED]
)
def test_what_the_platform_writes_itself_nobody_can_say(kind):
    with pytest.raises(Rejected):
        checked_step(kind, holder=HopKind.CREW, note="")


def test_a_phone_with_a_wrong_clock_is_brought_back_between_order_and_arrival():
    window = {"hop_began": at(10), "arrived_at": at(20)}
    assert plausible(at(15), **window) == at(15)
    assert plausible(at(99), **window) == at(20)
    assert plausible(at(-300), **window) == at(10)
    assert plausible(None, **window) == at(20)


@given(st.sampled_from([kind for kind in StepKind if kind not in MOVES_NOTHING]))
def test_the_one_big_button_leads_to_the_end_and_never_back(now):
    walked = []
    while (now := next_on_site(now)) is not None:
        walked.append(now)
    assert walked == list(ON_SITE_LINE[len(ON_SITE_LINE) - len(walked) :])


def test_the_one_big_button_says_working_before_done():
    assert next_on_site(StepKind.ARRIVED) is StepKind.WORKING
    assert next_on_site(StepKind.SEEN) is StepKind.ACCEPTED
    assert next_on_site(StepKind.WITHDRAWN) is next_on_site(StepKind.REPLACED) is None
