"""A loan is decided once, by whose it is to decide, and a crew always comes home."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from gis.errors import Conflict, Rejected
from gis.store.base import new_id
from rescue_app.loans.rules import (
    MOVES,
    LoanAct,
    LoanDraft,
    LoanState,
    checked,
    checked_why,
    next_state,
)

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
OURS, THEIRS = "/500000/500101/", "/500000/500235/"


def asked(lender=THEIRS, words="排水", hours=6):
    until = None if hours is None else NOW + timedelta(hours=hours)
    return LoanDraft(new_id(), lender, words, until)


def test_every_other_act_in_every_other_state_is_refused():
    for pair in set(product(LoanState, LoanAct)) - set(MOVES):
        with pytest.raises(Conflict):
            next_state(*pair)


def test_what_is_lent_comes_home_by_all_its_ways():
    ways = {act for (state, act) in MOVES if state is LoanState.LENT}
    assert ways == {LoanAct.RECALL, LoanAct.GIVE_BACK, LoanAct.RUN_OUT}
    assert {next_state(LoanState.LENT, act) for act in ways} == {LoanState.HOME}


@pytest.mark.parametrize(
    ("draft", "because"),
    [
        (asked(words=" "), "what the crew is needed for"),
        (asked(hours=None), "until when"),
        (asked(hours=-1), "until when"),
        (asked(hours=24 * 31), "30 days"),
        (asked(lender=OURS), "no request"),
        (asked(lender="/500000/"), "no request"),
        (asked(lender=OURS + "500101001/"), "no request"),
    ],
)
def test_what_nobody_could_decide_by_is_refused(draft, because):
    with pytest.raises(Rejected, match=because):
        checked(draft, borrower_path=OURS, now=NOW)


def test_a_no_and_a_recall_need_their_because():
    for act in (LoanAct.REFUSE, LoanAct.RECALL):
        with pytest.raises(Rejected, match="Say why"):
            checked_why(act, " ")
    assert checked_why(LoanAct.GIVE_BACK, "") == ""
