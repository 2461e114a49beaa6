"""The README's ten minutes, word for word, in a real browser on the real districts."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.browsing import PHONE, hold
from tests.integration.files.ugly import jpeg

WANZHOU_COUNT = re.compile(r"1\d\d")


def test_one_map(city):
    planner = city.enter("planner", "/map")
    planner.wait_for_selector("[data-drawn]", state="attached")
    rows = planner.locator(".rail [data-id]")
    expect(rows.first).to_be_visible()
    planner.keyboard.press("/")
    planner.keyboard.type("滑坡")
    expect(rows.first).to_contain_text("滑坡")
    planner.keyboard.press("Escape")
    rows.first.click()
    panel = planner.locator("#panel")
    expect(panel).to_contain_text("万州区")
    panel.get_by_role("link", name="修改").click()
    persons = planner.get_by_label("威胁人数")
    persons.fill("640")
    planner.get_by_role("button", name="提交申请").click()
    expect(planner.locator("main")).to_contain_text("已申请")
    planner.get_by_label("踏勘日期").fill(datetime.now(UTC).date().isoformat())
    planner.get_by_label("踏勘情况").fill("坡脚新增 3 户")
    photo = {"name": "裂缝.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    planner.get_by_label("添加照片或文件").set_input_files(photo)
    expect(planner.get_by_role("button", name="移除")).to_be_visible()
    planner.get_by_role("button", name="登记踏勘").click()
    expect(planner.locator("main")).to_contain_text("已踏勘")
    expect(planner.get_by_role("img", name="照片 1").first).to_be_visible()
    for login, button in (("wanzhou", "复核通过"), ("city", "核准")):
        office = city.enter(login, "/cases")
        office.locator("a[data-row]").first.click()
        office.get_by_role("button", name=button).click()
        expect(office.locator(".steps")).to_contain_text(f"已{button[:2]}")
    planner.reload()
    planner.locator("#drafts a[href^='/points/']").click()
    expect(planner.locator("main")).to_contain_text("II 级")
    expect(planner.locator("main")).to_contain_text("谭静")
    here = planner.url

    other = city.enter("yunyang", "/points")
    expect(other.locator("main")).to_contain_text("云阳县")
    expect(other.locator("main table")).not_to_contain_text("万州区")
    assert other.goto(here).status == 404


def test_one_code(city):
    street = city.enter("street", "/assets")
    street.get_by_role("link", name="大桥").first.click()
    expect(street.locator("main")).to_contain_text("已挂码")
    code = street.locator("a[href^='/c/'], a[href*='/C/']").first.get_attribute("href")
    code = code.rsplit("/", 1)[1]

    resident = city.visit(f"/c/{code}", viewport=PHONE)
    expect(resident.locator("main")).to_contain_text("大桥")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    resident.goto(f"{city.server.url}/c/{wrong}")
    expect(resident.locator("main")).to_contain_text("输错")

    patrol = city.enter("patrol", f"/c/{code}", viewport=PHONE)
    patrol.get_by_role("button", name="全部正常").click()
    patrol.wait_for_url("**/done/*")
    patrol.goto(f"{city.server.url}/c/{code}")
    row = patrol.get_by_role("group", name="伸缩缝堵塞、破损、异响")
    row.get_by_role("radio", name="有").check()
    patrol.get_by_role("button", name="有问题").click()
    patrol.wait_for_url("**/done/*")
    street.goto(f"{city.server.url}/findings")
    expect(street.locator("main")).to_contain_text("伸缩缝")


def test_one_tap(city):
    commander = city.enter("city", "/incidents")
    district = city.enter("wanzhou", "/inbox")
    crew = city.enter("crew", "/crew", viewport=PHONE)
    commander.goto(f"{city.server.url}/incidents/new?lon=108.38&lat=30.81")
    commander.get_by_label("发生了什么").fill("沿江路积水")
    commander.get_by_label("灾种").select_option("waterlogging")
    commander.get_by_role("button", name="登记突发事件").click()
    commander.get_by_role("link", name="新指令").click()
    commander.get_by_label("做什么").fill("撤离河边住户")
    commander.get_by_label("万州区指挥中心").check()
    hold(commander, "下达指令")

    district.get_by_role("button", name="收到").click()
    expect(commander.locator(".tree")).to_contain_text("向文波")
    district.get_by_role("link", name="撤离河边住户").click()
    district.get_by_label("查找街镇、部门或队伍").fill("太白街道抢险")
    district.get_by_role("button", name="查找").click()
    district.get_by_label("太白街道抢险一队").check()
    district.get_by_role("button", name="向下传达").click()

    expect(crew.get_by_role("heading", name="撤离河边住户")).to_be_visible()
    crew.get_by_role("button", name="收到").click()
    expect(commander.get_by_text("已一贯到底")).to_be_visible()
    city.server.kill()
    crew.get_by_role("button", name="已出发").click()
    city.server.start()
    expect(commander.locator("#tree-part")).to_contain_text("已出发")
    crew.get_by_role("button", name="已到场").click()
    expect(crew.get_by_role("button", name="已完成")).to_be_visible()
    crew.get_by_label("备注").locator("visible=true").fill("12 人已撤")
    crew.get_by_role("button", name="已完成").click()
    expect(commander.locator(".timeline")).to_contain_text("12 人已撤")
    expect(commander.locator(".tree")).to_contain_text("牟志强")
