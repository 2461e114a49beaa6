"""A message of a drill says so before anything else, whatever the channel shows of it."""

from uuid import uuid4

from hazards.calls.channels import Person
from hazards.calls.handing import _parcel
from hazards.calls.models import Call

SOMEBODY = Person(uuid4(), "李队长", "13800000000", None, "/500000/")


def call(*, is_drill):
    return Call(id=uuid4(), text_zh="撤离", text_en="Evacuate", urgency="flash", is_drill=is_drill)


def test_a_drill_is_said_first_and_only_of_a_drill():
    sent = _parcel(SOMEBODY, [call(is_drill=True), call(is_drill=False)], [])
    assert sent.texts_zh == ["【演练】撤离", "撤离"]
    assert sent.texts_en == ["DRILL: Evacuate", "Evacuate"]
