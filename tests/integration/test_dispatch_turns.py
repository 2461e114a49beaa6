"""Turns an order takes on the pages: changed, ended, refused, and nobody loses his words."""

import re

from tests.integration.test_dispatch_pages import HTML, visit
from tests.world import WANZHOU

__all__ = ["visit"]


def test_a_change_that_cannot_go_out_keeps_what_was_typed(visit, night, cast):
    order = night.issue(cast.unit(WANZHOU))
    city, path = visit("city"), f"/orders/{order.id}/changes"
    city.open(f"/orders/{order.id}")
    typed = {"kind": "amended", "what": "改到码头集结", "where": "码头", "due": "2020-01-01T00:00"}
    city.send(path, **typed)
    assert city.status == 422
    for word in ("这个时限已经过去", "改到码头集结", "2020-01-01T00:00"):
        assert word in city.page
    city.send(path, **typed | {"due": ""})
    assert city.status == 200
    night.change("city", order, "cancelled")
    city.send(path, **typed)
    assert (city.status, "该指令已结束" in city.page) == (422, True)


def test_a_cancelled_order_waits_in_the_inbox_until_its_end_was_heard(visit, night, cast):
    order = night.issue(cast.unit(WANZHOU))
    night.tell("wanzhou", night.hop(order, "Wanzhou centre"), "accepted")
    night.change("city", order, "cancelled", why="险情解除")
    district = visit("wanzhou")
    assert '<b class="late">1</b>' in district.open("/incidents")
    assert "已结束" in district.page
    page = district.open("/inbox")
    assert "险情解除" in page
    (path,) = set(re.findall(r'action="(/hops/[^"]+/answer)"', page))
    assert 'value="change_taken"' not in district.send(path)
    assert "尚未到底" not in district.open(f"/orders/{order.id}")


def test_who_is_refused_finds_the_way_back_to_his_page(visit, night, cast):
    order = night.issue(cast.unit(WANZHOU))
    hop = night.hop(order, "Wanzhou centre")
    night.tell("wanzhou", hop, "accepted")
    district = visit("wanzhou")
    came = {"referer": f"{district.client.base_url}/orders/{order.id}?find=a"}
    answer = district.client.post(f"/hops/{hop.id}/pass-down", data={}, headers=HTML | came)
    assert answer.status_code == 422
    assert f'href="/orders/{order.id}?find=a"' in answer.text
