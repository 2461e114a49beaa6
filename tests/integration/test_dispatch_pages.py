"""Orders through the pages alone, as a browser without JavaScript sends its forms."""

import re

import pytest
from sqlalchemy import select

from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from hazards.duty.models import Crew
from rescue_app.dispatch import board
from rescue_app.dispatch.models import Order
from rescue_app.http.dependencies import COOKIE
from tests.ledger import entered
from tests.patrols import load_reference
from tests.teams import seat_members
from tests.world import GAOSUNTANG, IN_GAOSUNTANG, WANZHOU, YUNYANG

HTML = {"accept": "text/html"}


@pytest.fixture
def visit(client, people, cast):
    """`visit("city")` gives a window of that person."""

    tokens = {}

    def begin(who):
        if who not in tokens:
            tokens[who] = people.token(cast.accounts[who])
        client.cookies.set(COOKIE, tokens[who])
        return Window(client)

    return begin


class Window:
    """Opens pages and sends the forms on them as they stand."""

    def __init__(self, client):
        self.client, self.page = client, ""

    def open(self, path):
        self.page = self._landed(self.client.get(path, headers=HTML))
        return self.page

    def send(self, path, **fields):
        """Post a form: its hidden fields as they are on the page, the others as entered."""
        form = (
            next(
                part
                for part in re.findall(r"<form.*?</form>", self.page, re.DOTALL)
                if f'"{path}"' in part
            )
            if not fields.pop("_any", False)
            else self.page
        )
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        self.page = self._landed(self.client.post(path, data=hidden | fields, headers=HTML))
        return self.page

    def _landed(self, answer):
        while answer.status_code == 303:
            answer = self.client.get(answer.headers["location"], headers=HTML)
        self.status = answer.status_code
        return answer.text


def links(page, start):
    return re.findall(rf'="({start}[^"?#]*)', page)


def test_an_order_goes_all_the_way_with_forms_alone(visit, cast):
    city = visit("city")
    city.open(f"/incidents/new?lon={IN_GAOSUNTANG.x}&lat={IN_GAOSUNTANG.y}")
    assert str(IN_GAOSUNTANG.x) in city.page
    entered = {"title": "沿江路积水", "hazard_type": "waterlogging", "grade": "II"}
    place = {"lon": str(IN_GAOSUNTANG.x), "lat": str(IN_GAOSUNTANG.y)}
    city.send("/incidents/new", **entered, **place)
    assert "高笋塘街道" in city.page
    incident = links(city.page, "/orders/new")
    assert incident
    city.open(re.search(r'"(/orders/new\?incident=[^"]+)"', city.page)[1])
    order = {"what": "撤离河边住户", "where": "沿江路", "urgency": "flash"}
    city.send("/orders/new", **order, targets=[cast.unit(WANZHOU)])
    assert "将下达给 1 个对象：万州区指挥中心" in city.page
    city.send("/orders/new", confirmed="1", targets=[cast.unit(WANZHOU)])
    assert "尚未到底" in city.page
    assert "未打开" in city.page

    district = visit("wanzhou")
    district.open("/inbox")
    district.send(links(district.page, "/hops/")[0], kind="accepted")
    district.open(links(district.page, "/orders/[0-9a-f]")[0])
    near, others = district.page.partition("现场附近")[2].split("其他", 1)
    assert (cast.unit(GAOSUNTANG) in near, cast.unit(GAOSUNTANG) in others) == (True, False)
    passing = next(link for link in links(district.page, "/hops/") if "pass-down" in link)
    district.send(passing, targets=[cast.unit(GAOSUNTANG)])

    street = visit("street")
    street.open("/inbox")
    street.send(links(street.page, "/hops/")[0], kind="accepted")
    street.open(links(street.page, "/orders/[0-9a-f]")[0])
    assert "高笋塘抢险一队" in street.page
    passing = next(link for link in links(street.page, "/hops/") if "pass-down" in link)
    street.send(passing, targets=[cast.crew("gaosuntang")])

    crew = visit("crew")
    crew.open("/crew")
    hop = links(crew.page, "/crew/")[0]
    for kind in ("accepted", "moving", "arrived"):
        crew.send(hop, kind=kind)
    crew.send(hop, kind="done", note="12 人已撤")
    assert "辛苦了" in crew.page

    city = visit("city")
    city.open("/incidents")
    assert "全部完成" in city.page
    city.open(links(city.page, "/orders/[0-9a-f]")[0])
    for word in ("全部完成", "万主任", "高书记", "李队长", "13800000007", "12 人已撤"):
        assert word in city.page


def test_an_order_to_many_is_shown_by_pages_that_lead_to_all(visit, cast, monkeypatch):
    monkeypatch.setattr(board, "HOPS_SHOWN", 1)
    city = visit("city")
    city.open("/orders/new")
    order = {"what": "撤离", "where": "沿江路", "urgency": "flash", "confirmed": "1"}
    city.send("/orders/new", **order, targets=[cast.unit(WANZHOU), cast.unit(YUNYANG)])
    order_id = re.search(r'data-order="([^"]+)"', city.page)[1]
    assert "另有 1 个在其他页" in city.page
    seen = []
    for part in ("", "/board"):
        for number in (1, 2):
            page = city.open(f"/orders/{order_id}{part}?page={number}")
            assert re.search(r"<b>2</b><span>未应答", page)
            seen.append(re.findall(r'id="hop-([^"]+)"', page))
    assert [len(hops) for hops in seen] == [1, 1, 1, 1]
    assert seen[0] != seen[1]
    assert seen[:2] == seen[2:]


def test_the_search_for_targets_shows_what_it_finds_and_keeps_what_was_entered(visit):
    city = visit("city")
    city.open("/orders/new?what=抽水&where=地下车库&find=太白抢险")
    assert "太白抢险一队" in city.page
    assert "抽水" in city.page
    assert "地下车库" in city.page
    assert re.findall(r'name="targets" value="(\w+):', city.page) == ["crew"]


def test_a_form_with_nobody_chosen_comes_back_with_its_words(visit):
    city = visit("city")
    city.open("/orders/new")
    city.send("/orders/new", what="抽水", where="地下车库", urgency="urgent")
    assert city.status == 422
    assert "至少选择一个" in city.page
    assert "地下车库" in city.page


def test_an_order_that_one_of_the_chosen_cannot_get_goes_to_nobody(visit, cast):
    yunyang = visit("yunyang")
    yunyang.open("/orders/new")
    fields = {"what": "抽水", "where": "地下车库", "urgency": "urgent", "confirmed": "1"}
    yunyang.send("/orders/new", **fields, targets=[cast.unit(YUNYANG), cast.unit(WANZHOU)])
    assert yunyang.status == 422
    assert "不在您的区域内" in yunyang.page
    assert not links(visit("yunyang").open("/incidents"), "/orders/[0-9a-f]")


def test_an_incident_without_a_place_is_asked_for_one(visit):
    city = visit("city")
    city.open("/incidents/new")
    city.send("/incidents/new", title="积水", hazard_type="waterlogging", lon="", lat="")
    assert city.status == 422
    assert "请在地图上点击位置" in city.page


def test_a_neighbours_order_page_does_not_exist(visit, cast):
    city = visit("city")
    city.open("/orders/new")
    fields = {"what": "抽水", "where": "车库", "urgency": "urgent", "confirmed": "1"}
    city.send("/orders/new", **fields, targets=[cast.unit(WANZHOU)])
    city.open("/incidents")
    path = links(city.page, "/orders/[0-9a-f]")[0]
    yunyang = visit("yunyang")
    yunyang.open(path)
    assert yunyang.status == 404
    yunyang.open("/incidents")
    assert path not in yunyang.page


@pytest.mark.parametrize("path", ["/incidents", "/incidents/new", "/orders/new", "/inbox", "/crew"])
def test_every_page_speaks_both_languages(visit, path):
    window = visit("crew" if path == "/crew" else "city")
    assert '<html lang="zh-CN"' in window.open(path)
    assert '<html lang="en"' in window.open(f"{path}?lang=en")
    assert window.status == 200


def test_a_proposal_goes_up_and_is_taken_from_the_inbox(visit, night, cast):
    order, hop = night.down_to_the_crew()
    crew = visit("crew")
    assert "高笋塘抢险二队" in crew.open("/crew")
    offer = {"kind": "cannot", "note": "路断了", "other": cast.crew("gaosuntang2"), "means": "乘船"}
    crew.send(f"/crew/{hop.id}", **offer, _any=True)
    assert "您的建议等高书记答复" in visit("crew").open("/crew")
    street = visit("street")
    page = street.open("/inbox")
    assert "高笋塘抢险一队不能执行，另有建议" in page
    (path,) = set(re.findall(r'action="(/hops/[^"]+/offers/[^"]+)"', page))
    assert path in street.open(f"/orders/{order.id}")
    street.send(path)
    page = street.open(f"/orders/{order.id}")
    assert "高笋塘抢险二队" in page
    assert "乘船" in page
    assert "这条指令不再由您执行" in visit("crew").open(f"/crew?hop={hop.id}")


def test_a_leader_who_is_through_reads_no_empty_list_of_members(visit, night, cast, sessions):
    seat_members(sessions, cast)
    _, hop = night.down_to_the_crew()
    night.tell("crew", hop, "accepted")
    assert 'id="team-head"' in visit("crew").open(f"/crew?hop={hop.id}")
    night.tell("crew", hop, "done")
    assert 'id="team-head"' not in visit("crew").open(f"/crew?hop={hop.id}")


def test_a_part_of_its_own_goes_with_the_tick(visit, night, cast):
    order = night.issue(cast.unit(GAOSUNTANG))
    hop = night.hop(order, "Gaosuntang centre")
    street = visit("street")
    street.open(f"/orders/{order.id}")
    night.tell("street", hop, "accepted")
    page = street.open(f"/orders/{order.id}")
    named = re.findall(r'name="part_of" value="([^"]+)"', page)
    parts = ["守住桥头" if one == cast.crew("gaosuntang") else "" for one in named]
    chosen = {"targets": [cast.crew("gaosuntang")], "part_of": named, "parts": parts}
    street.send(f"/hops/{hop.id}/pass-down", **chosen)
    assert "守住桥头" in visit("crew").open("/crew")


def test_a_crew_sees_the_hazards_on_record_around_its_order(night, cast, visit, sessions):
    load_reference(sessions)
    for name, away in (("大石坡滑坡", 0.004), ("远处危岩", 0.03)):
        place = {"longitude": IN_GAOSUNTANG.x + away, "latitude": IN_GAOSUNTANG.y}
        entered(sessions, name=name, **place)
    night.issue(cast.crew("gaosuntang"), place=IN_GAOSUNTANG)
    shown = visit("crew").open("/crew")
    assert re.search("附近隐患 · 1.*大石坡滑坡.* 38[0-9] m", shown, re.DOTALL)
    assert "远处危岩" not in shown


def test_an_order_written_by_hand_takes_a_checklist_down(visit, cast):
    city = visit("city")
    city.open("/orders/new")
    order = {
        "what": "封路",
        "where": "沿江路",
        "urgency": "flash",
        "targets": [cast.crew("gaosuntang")],
    }
    city.send("/orders/new", **order, checklist="\n".join(f"第 {n} 项" for n in range(13)))
    assert "处置清单最多 12 项" in city.page
    city.send("/orders/new", **order, checklist="摆好锥桶\r\n\r\n 打开警灯 ")
    assert re.search("队伍处置清单.*摆好锥桶.*打开警灯", city.page, re.DOTALL)
    city.send("/orders/new", confirmed="1", targets=order["targets"])
    assert "处置清单" in city.page
    crew = visit("crew")
    crew.open("/crew")
    assert re.search("摆好锥桶.*打开警灯", crew.page, re.DOTALL)


def test_an_order_written_by_hand_names_what_crews_have_to_be_able_to_do(visit, cast, sessions):
    load_reference(sessions)
    with unit_of_work(sessions, SYSTEM) as session:
        for name, skills in {"gaosuntang": [], "gaosuntang2": ["drainage"]}.items():
            crew = session.get_one(Crew, cast.crews[name])
            crew.skills, crew.place = skills, IN_GAOSUNTANG
    city = visit("city")
    city.open(f"/incidents/new?lon={IN_GAOSUNTANG.x}&lat={IN_GAOSUNTANG.y}")
    entered = {"title": "沿江路积水", "hazard_type": "waterlogging", "grade": "II"}
    city.send("/incidents/new", **entered, lon=str(IN_GAOSUNTANG.x), lat=str(IN_GAOSUNTANG.y))
    form = re.search(r'"(/orders/new\?incident=[^"]+)"', city.page)[1]
    near = city.open(f"{form}&needs=drainage").partition("现场附近")[2].split("其他", 1)[0]
    assert re.findall(r'value="crew:([^"]+)"', near) == [str(cast.crews["gaosuntang2"])] * 2
    order = {"what": "抽水", "where": "沿江路", "urgency": "flash",
             "targets": [cast.unit(GAOSUNTANG)]}  # fmt: skip
    city.send("/orders/new", **order, needs=["flying"])
    assert city.status == 422
    assert "flying" in city.page
    city.send("/orders/new", **order, needs=["drainage"])
    assert "所需队伍" in city.page
    city.send("/orders/new", confirmed="1", targets=order["targets"])
    assert re.search("所需队伍.*排水", city.page)
    with unit_of_work(sessions, SYSTEM) as session:
        assert session.scalars(select(Order.crew_needs)).all() == [["drainage"]]
