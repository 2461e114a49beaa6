"""Cards in people's hands: a wrong note is put right, a card that is too old is printed again."""

import re
from datetime import UTC, datetime, timedelta

import pypdfium2 as pdfium
import pytest
from sqlalchemy import select

from gis.areas.placing import day_of
from gis.store.base import new_id
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.points.models import HazardPoint
from rescue_app.evacuation.models import Household
from rescue_app.papers.models import CardHanded, CardPrinted
from tests.integration.test_cards import HTML, point, words_of
from tests.integration.test_evacuations import act
from tests.integration.test_jobs import run_worker
from tests.ledger import carried
from tests.world import GAOSUNTANG

__all__ = ["act", "point", "run_worker"]
TODAY = day_of(datetime.now(UTC))


@pytest.fixture
def cards(act, point):
    """The page of the point's cards."""

    class Cards:
        at = f"/points/{point}/cards"

        def page(self, who="planner", **asked):
            return act(who, "GET", self.at, params={"lang": "en"} | asked, headers=HTML).text

        def print(self, kind, only):
            asked = {"only": only}
            answer = act("planner", "GET", f"{self.at}/{kind}.pdf", params=asked, headers=HTML)
            return words_of(pdfium.PdfDocument(answer.content))

        def hand_out(self, *, only="", day=TODAY):
            marks = re.findall(r'name="mark" value="([^"]+)"', self.page())
            said = {"mark": [one for one in marks if only in one], "day": day.isoformat()}
            assert act("planner", "POST", self.at, data=said, headers=HTML).status_code == 303

        def correct(self, note, who="planner", **said):
            data = {"id": str(new_id()), "reason": "点错了"} | said
            answer = act(who, "POST", f"{self.at}/{note}", data=data, headers=HTML)
            return answer.status_code

    return Cards()


@pytest.fixture
def noted(owner):
    """All that was noted, in its order."""

    def read():
        owner.rollback()
        return owner.scalars(select(CardHanded).order_by(CardHanded.received_at)).all()

    return read


def test_a_wrong_day_is_put_right_and_what_it_said_stays(cards, noted):
    cards.hand_out(only="李明")
    (wrong,) = noted()
    earlier, later = TODAY - timedelta(days=9), TODAY + timedelta(days=9)
    for status, said in (
        (422, {"day": later.isoformat()}), (422, {"day": earlier.isoformat(), "reason": " "}),
        (403, {"who": "patrol", "undone": "true"}), (404, {"who": "yunyang", "undone": "true"}),
    ):  # fmt: skip
        assert cards.correct(wrong.id, **said) == status
    assert cards.correct(new_id(), undone="true") == 404
    sent = {"id": str(new_id()), "day": earlier.isoformat()}
    assert [cards.correct(wrong.id, **sent) for _ in range(2)] == [303, 303]
    first, second = noted()
    assert (first.handed_on, second.handed_on, second.corrects) == (TODAY, earlier, wrong.id)
    assert cards.correct(wrong.id, undone="true") == 409, "corrected once already"
    html = cards.page()
    assert f"Handed out {earlier}" in html
    assert f"Handed out {TODAY}" not in html
    assert "corrected, because: 点错了" in html


def test_a_card_that_was_not_handed_out_after_all_is_asked_for_again_and_the_ledger_follows(
    cards, noted, act, point, sessions, owner
):
    def cases():
        found = act("planner", "GET", "/api/v1/cases").json()["items"]
        return sorted((one["state"], one["id"]) for one in found)

    cards.hand_out()
    ((state, _),) = cases()
    assert state == "applied"
    wrong = next(one for one in noted() if one.holder == "李明")
    assert cards.correct(wrong.id, undone="true") == 303
    assert [state for state, _ in cases()] == ["withdrawn"], "what is not so is not asked for"
    cards.hand_out(only="李明")
    asked, _ = cases()
    carried(sessions, asked[1])
    again = next(one for one in reversed(noted()) if one.holder == "李明")
    assert cards.correct(again.id, undone="true") == 303
    back = next(one for state, one in cases() if state == "applied")
    carried(sessions, back)
    owner.rollback()
    assert owner.get(HazardPoint, point).cards_given is False
    html = act("planner", "GET", f"/points/{point}?lang=zh", headers=HTML).text
    assert "明白卡发放" in html
    assert html.count("更正，原因：点错了") == 2
    assert "周1" not in html


def test_a_card_is_too_old_once_its_record_changed_and_just_these_are_printed_again(
    cards, noted, act, run_worker, sessions, owner
):
    owner.rollback()
    first, second = sorted(owner.scalars(select(Household)), key=lambda one: one.head)[:2]
    for home in (first, second):
        printed = cards.print("refuge", str(home.id))
        (state,) = re.findall(r"state([0-9A-F]{8})", printed[0])
        cards.hand_out(only=str(home.id))
        assert noted()[-1].state == state
    cards.print("refuge", str(first.id))
    assert len(owner.scalars(select(CardPrinted)).all()) == 2, "printed again, it is the same"
    cards.hand_out(only="李明")
    html = cards.page()
    assert html.count("Which print is not known: print again") == 1
    assert "Older than the record" not in html
    with unit_of_work(sessions, SYSTEM) as session:
        session.get_one(Household, second.id).phone = "13699999999"
    html = cards.page()
    assert html.count("Older than the record: print again") == 1
    assert "Print 1 refuge card again" in html
    asked = {"under": GAOSUNTANG, "lang": "en"}
    listed = act("planner", "GET", "/papers/again", params=asked, headers=HTML).text
    assert f"{second.head} · 大石坡滑坡" in listed
    assert f"{first.head} · 大石坡滑坡" not in listed
    assert act("patrol", "GET", "/papers/again", params=asked, headers=HTML).status_code == 403
    body = {"paper": "refuge", "under": GAOSUNTANG, "again": "true"}
    act("planner", "POST", "/papers", data=body, headers=HTML)
    run_worker()
    page = act("planner", "GET", "/papers", headers=HTML).text
    file = act("planner", "GET", re.search(r'href="(/files/[^"]+)"', page)[1]).content
    text = "".join(words_of(pdfium.PdfDocument(file)))
    assert "13699999999" in text
    assert first.head not in text
    cards.hand_out(only=str(second.id))
    assert "Older than the record" not in cards.page()
    act("planner", "POST", "/papers", data=body, headers=HTML)
    run_worker()
    assert "Nothing to print again" in act("planner", "GET", "/papers", headers=HTML).text
