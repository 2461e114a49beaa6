"""A deadline lies ahead by our own clock; what stood before it passed stays, and can be changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gis.errors import Rejected
from gis.store.base import new_id
from rescue_app.dispatch import changing, service
from rescue_app.dispatch.changes import ChangeDraft, ChangeKind
from rescue_app.dispatch.drafts import OrderDraft, Target
from rescue_app.dispatch.rules import Urgency
from tests.world import GAOSUNTANG, WANZHOU

NOW = datetime(2026, 7, 1, 18, 20, 30, tzinfo=UTC)
DUE = NOW + timedelta(minutes=40)
LATER = DUE + timedelta(minutes=1)
AGO = NOW - timedelta(minutes=5)


@pytest.fixture
def issue(night):
    def made(due_at=DUE, *, order_id=None, now=NOW):
        target = Target.parse(night.cast.unit(WANZHOU))
        facts = {"what": "封桥", "where": "枇杷坪", "urgency": Urgency.FLASH, "targets": (target,)}
        draft = OrderDraft(id=order_id or new_id(), due_at=due_at, **facts)
        with night.acting("city") as (session, by):
            return service.issue(session, draft=draft, by=by, now=now)

    return made


@pytest.fixture
def amend(night):
    def changed(order, now=LATER, **words):
        draft = ChangeDraft(new_id(), ChangeKind.AMENDED, words=replace(order.words, **words))
        with night.acting("city") as (session, by):
            return changing.change(session, order_id=order.id, draft=draft, by=by, now=now)

    return changed


def passed(night, order, due_at, *, step_id=None, now=NOW):
    target = Target.parse(night.cast.unit(GAOSUNTANG), due_at=due_at)
    facts = {"hop_id": night.hop(order, "Wanzhou centre").id, "step_id": step_id or new_id()}
    with night.acting("wanzhou") as (session, by):
        return service.pass_down(session, **facts, to=[target], by=by, now=now)


def test_a_deadline_that_has_passed_is_refused_and_the_error_says_what_our_clock_shows(
    night, issue, amend
):
    """A phone that is ten minutes slow offers a past that looks like the future on it."""
    with pytest.raises(Rejected, match="It is 2026-07-02 02:20 now"):
        issue(AGO)
    order = issue()
    with pytest.raises(Rejected, match="It is 2026-07-02 02:20 now"):
        amend(order, NOW, due_at=AGO)
    with pytest.raises(Rejected, match="It is 2026-07-02 02:20 now"):
        passed(night, order, AGO)


def test_a_deadline_in_a_year_nobody_means_is_refused_not_kept(night, issue, amend):
    """It was kept, and every page that says the city's time fell over its order."""
    never = datetime(9999, 12, 31, 20, tzinfo=UTC)
    with pytest.raises(Rejected, match="Check its year"):
        issue(never)
    order = issue()
    with pytest.raises(Rejected, match="Check its year"):
        amend(order, NOW, due_at=never)
    with pytest.raises(Rejected, match="Check its year"):
        passed(night, order, never)


def test_what_is_pressed_again_after_its_deadline_is_still_the_same(night, issue):
    order = issue()
    assert issue(order_id=order.id, now=LATER).id == order.id
    step_id = new_id()
    for now in (NOW, LATER):
        passed(night, order, DUE, step_id=step_id, now=now)
    assert night.hop(order, "Gaosuntang centre").part_due_at == DUE


def test_the_words_of_an_overdue_order_are_changed_without_a_new_deadline(issue, amend):
    order = issue()
    assert amend(order, what="守桥").due_at == DUE
    # A form tells no seconds: the minute it was given is the deadline that stood.
    assert amend(order, what="封路", due_at=DUE.replace(second=0)).due_at == DUE
    assert amend(order, due_at=None).due_at is None
