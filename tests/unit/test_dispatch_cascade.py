"""An order is down only when every end of it is a crew that answered by name."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from rescue_app.dispatch.cascade import Hop, standing, top_down, under_givers
from rescue_app.dispatch.rules import HopKind, StepKind

START = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


def hop(number: int, above: int | None, state: StepKind, holder: HopKind = HopKind.CREW) -> Hop:
    parent = UUID(int=above) if above else None
    due = START + timedelta(minutes=number)
    return Hop(UUID(int=number), parent, holder, state, due)


def district(state: StepKind) -> Hop:
    return hop(1, None, state, HopKind.CENTRE)


def street(state: StepKind, number: int = 2) -> Hop:
    return hop(number, 1, state, HopKind.CENTRE)


@pytest.mark.parametrize(
    ("hops", "down"),
    [
        ([], False),
        ([district(StepKind.ACCEPTED)], False),
        ([district(StepKind.PASSED_DOWN), street(StepKind.ACCEPTED)], False),
        ([district(StepKind.PASSED_DOWN), hop(3, 1, StepKind.SEEN)], False),
        ([district(StepKind.PASSED_DOWN), hop(3, 1, StepKind.CANNOT)], False),
        ([district(StepKind.PASSED_DOWN), hop(3, 1, StepKind.ACCEPTED)], True),
        (
            [
                district(StepKind.PASSED_DOWN),
                street(StepKind.PASSED_DOWN),
                hop(3, 2, StepKind.ARRIVED),
                hop(4, 2, StepKind.QUEUED),
            ],
            False,
        ),
        (
            [
                district(StepKind.PASSED_DOWN),
                street(StepKind.PASSED_DOWN),
                hop(3, 2, StepKind.ARRIVED),
                hop(4, 2, StepKind.WITHDRAWN),
            ],
            True,
        ),
        (
            [
                district(StepKind.PASSED_DOWN),
                hop(3, 1, StepKind.REPLACED),
                hop(4, 1, StepKind.ACCEPTED),
            ],
            True,
        ),
    ],
)
def test_down_means_every_end_is_an_answered_crew(hops, down):
    assert standing(hops).down is down


def test_below_a_hop_that_was_taken_back_nothing_counts():
    tree = [
        district(StepKind.PASSED_DOWN),
        street(StepKind.WITHDRAWN),
        hop(3, 2, StepKind.QUEUED),
        hop(4, 1, StepKind.DONE),
    ]
    now = standing(tree)
    assert (now.hops, now.silent, now.crews, now.down, now.finished) == (2, 0, 1, True, True)


def test_a_centre_whose_crews_were_all_taken_back_is_an_open_end_again():
    tree = [district(StepKind.PASSED_DOWN), hop(3, 1, StepKind.WITHDRAWN)]
    assert standing(tree).down is False


def test_numbers_count_what_was_reached_at_least():
    tree = [
        district(StepKind.PASSED_DOWN),
        hop(2, 1, StepKind.QUEUED),
        hop(3, 1, StepKind.ACCEPTED),
        hop(4, 1, StepKind.MOVING),
        hop(5, 1, StepKind.WORKING),
        hop(6, 1, StepKind.DONE),
        hop(7, 1, StepKind.CANNOT),
    ]
    now = standing(tree)
    assert (now.crews, now.crews_answered, now.crews_moving) == (6, 4, 3)
    assert (now.crews_arrived, now.crews_done, now.silent, now.returned) == (2, 1, 1, 1)


def test_the_silent_stand_on_top_and_the_longest_due_first():
    tree = [
        district(StepKind.PASSED_DOWN),
        hop(2, 1, StepKind.DONE),
        hop(3, 1, StepKind.CANNOT),
        hop(5, 1, StepKind.SEEN),
        hop(4, 1, StepKind.QUEUED),
        hop(6, 1, StepKind.WITHDRAWN),
    ]
    assert [(depth, h.id.int) for depth, h in top_down(tree)] == [
        (0, 1),
        (1, 4),
        (1, 5),
        (1, 3),
        (1, 2),
        (1, 6),
    ]


def test_who_sees_only_his_part_sees_his_own_hop_as_the_root():
    assert [depth for depth, _ in top_down([hop(7, 99, StepKind.SEEN)])] == [0]


def test_on_a_page_each_stands_under_its_giver_and_the_first_leads_its_whole_branch():
    given = [district(StepKind.PASSED_DOWN), *(street(StepKind.PASSED_DOWN, one) for one in (2, 3))]
    ranked = [hop(6, 3, StepKind.QUEUED), hop(5, 2, StepKind.SEEN), hop(4, 3, StepKind.DONE)]
    lines = under_givers(ranked, given)
    assert [(depth, one.id.int) for depth, one in lines] == [
        (0, 1),
        (1, 3),
        (2, 6),
        (2, 4),
        (1, 2),
        (2, 5),
    ]


def test_a_giver_that_is_silent_itself_is_one_line_of_the_page_and_leads_its_own():
    ranked = [district(StepKind.QUEUED), hop(7, 1, StepKind.QUEUED), hop(8, 99, StepKind.DONE)]
    assert [depth for depth, _ in under_givers(ranked, [])] == [0, 1, 0]
