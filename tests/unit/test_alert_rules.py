"""What an alert has to say, what may become of it, and which lists its colour asks."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from gis.errors import Conflict, Rejected
from gis.store.base import new_id
from hazards.alerts import lists, rules
from hazards.alerts.rules import Act, AlertDraft, Colour, State
from hazards.checklists.rules import Mode, Rhythm, Season
from hazards.tasks.lists import AskedList

NOW = datetime(2026, 7, 1, tzinfo=UTC)
NEVER = datetime(9999, 12, 31, 20, tzinfo=UTC)
STREET = "/500000/500101/500101001/"


def draft(**said):
    usual = {"id": new_id(), "colour": "orange", "hazard_type": "landslide",
             "area_paths": (STREET,), "expires_at": NOW + timedelta(hours=6)}  # fmt: skip
    return AlertDraft(**usual | said)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"colour": "pink"}, "Choose a colour"),
        ({"area_paths": ()}, "Say where"),
        ({"expires_at": None}, "until when"),
        ({"expires_at": NOW - timedelta(minutes=1)}, "until when"),
        ({"onset_at": NOW + timedelta(hours=7)}, "until when"),
        ({"expires_at": NOW + timedelta(days=11)}, "10 days at most"),
        ({"onset_at": NEVER, "expires_at": NEVER + timedelta(hours=1)}, "Check its year"),
        ({"headline_zh": "长" * 61}, "headline is too long"),
        ({"instruction_en": "x" * 1002}, "too long"),
        ({"follows": new_id(), "why": " "}, "what has changed"),
    ],
)
def test_what_nobody_could_act_on_is_refused(said, problem):
    with pytest.raises(Rejected, match=problem):
        rules.checked(draft(**said), now=NOW)


def test_an_area_inside_another_one_that_is_ticked_is_left_out():
    paths = (STREET, "/500000/500101/", "/500000/500235/")
    assert rules.checked(draft(area_paths=paths), now=NOW).area_paths == paths[1:]


def test_what_is_over_cannot_be_touched_any_more():
    assert rules.next_state(State.ISSUED, Act.EXPIRE) is State.EXPIRED
    for state in rules.PAST:
        for act in Act:
            with pytest.raises(Conflict):
                rules.next_state(state, act)


def test_a_colour_asks_its_own_lists_and_those_of_every_calmer_one():
    def held(code, mode, season=Season.ALL, rhythm=Rhythm.DAILY):
        return AskedList(code, 1, ("critical",), ("landslide",), mode, season, rhythm, "patrol", 6)

    book = [
        held("calm", Mode.PEACE),
        held("dry", Mode.PEACE, season=Season.DRY),
        held("rain", Mode.URGENT),
        held("move", Mode.WAR, rhythm=Rhythm.ONCE),
        held("guard", Mode.WAR),
    ]
    asked = {
        Colour.BLUE: [{"mode": "peace", "seasons": ["all", "flood"]}],
        Colour.YELLOW: [{"mode": "urgent"}],
        Colour.ORANGE: [{"mode": "war", "rhythms": ["once"]}],
        Colour.RED: [{"mode": "war"}],
    }
    colours = {colour: SimpleNamespace(lists=lines) for colour, lines in asked.items()}

    def codes(colour):
        due = lists.due(book, colours, colour, key="alert/1", begins_at=NOW)
        assert {one.due_at for one in due} == {(NOW + timedelta(hours=6)).isoformat()}
        return [one.template_code for one in due]

    assert codes("blue") == ["calm"]
    assert codes("yellow") == ["calm", "rain"]
    assert codes("orange") == ["calm", "rain", "move"]
    assert codes("red") == ["calm", "rain", "move", "guard"]
