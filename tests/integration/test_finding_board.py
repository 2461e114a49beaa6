"""The board of findings: what nobody has first, figures that agree, a button without a script."""

import re
from uuid import uuid4

import pytest

from gis.authority import Role
from tests.patrols import labelled
from tests.troubles import PAGE, offices, see
from tests.world import IN_SHUANGJIANG

__all__ = ["offices"]

pytestmark = pytest.mark.usefixtures("world")


def test_another_district_sees_and_moves_nothing(street, bridge, sign_in):
    found = street.find(bridge.code)["id"]
    assert street.take("yunyang", found, "accept").status_code == 404
    assert street.take("taibai_street", found, "accept").status_code == 404
    assert see(street.client, f"/c/{bridge.code}/findings/{found}").status_code == 404
    sign_in(street.client, Role.STREET_COMMANDER, "/500000/500235/500235001/")
    there = labelled(street.client, at=IN_SHUANGJIANG, name="云阳大桥")
    crossed = street.sign_in("city").get(f"/c/{there.code}/findings/{found}", headers=PAGE)
    assert crossed.status_code == 404


def test_the_board_has_ownerless_first_and_its_figures_agree_with_its_filters(
    street, bridge, offices, sessions
):
    late = street.find(bridge.code)["id"]
    street.take("street", late, "hand_back", unit_id=offices[1], note="属市政")
    street.find(bridge.code, answers={"clearance": "49"})
    html = see(street.sign_in("street"), "/findings").text
    first, second = (html.index(said) for said in ("伸缩缝", "净空"))
    assert first < second
    assert "自动派单率：2 个未闭环问题中占 100%" in html
    assert html.count("data-card=") == 2
    for show, there in (("unowned", 1), ("others", 2), ("late", 0)):
        found = see(street.client, f"/findings?show={show}").text
        assert found.count("data-card=") == there, show
        counted = re.search(r'aria-current="true"><b[^>]*>(\d+)</b>', found)
        assert int(counted[1]) == there, show
    listed = see(street.client, "/findings?view=list&show=unowned").text
    assert "拟交" in listed
    assert see(street.sign_in("yunyang"), "/findings").text.count("data-card=") == 0


def test_the_boards_button_moves_a_card_without_a_script_and_comes_back(street, bridge):
    found = street.find(bridge.code)["id"]
    form = {"id": str(uuid4()), "act": "accept", "back": "/findings?view=board"}
    path = f"/findings/{found}/steps"
    moved = street.sign_in("street").post(path, data=form, headers=PAGE)
    assert (moved.status_code, moved.headers["location"]) == (303, "/findings?view=board")
    away = form | {"id": str(uuid4()), "act": "begin", "back": "https://example.org/"}
    moved = street.client.post(path, data=away, headers=PAGE)
    assert moved.headers["location"] == f"/findings/{found}"
