"""Changing many points: ticked on the list, looked at before anything is applied for."""

from playwright.sync_api import expect


def test_points_are_ticked_fields_filled_and_the_change_looked_at(new_page, stage):
    page = new_page(
        stage.url, token=stage.tokens["planner"], viewport={"width": 1440, "height": 700}
    )
    page.goto(f"{stage.url}/points?sort=name")
    go = page.get_by_role("button", name="修改勾选的点位")
    expect(go).to_be_disabled()
    expect(go).to_be_in_viewport()
    page.get_by_role("checkbox", name="勾选本页").check()
    rows = page.locator("input[name=pick]")
    expect(page.locator("#bulk output")).to_have_text(f"已勾选 {rows.count()} 个")
    for tick in rows.all()[3:]:
        tick.uncheck()
    expect(page.locator("#bulk output")).to_have_text("已勾选 3 个")
    go.click()
    page.get_by_label("责任人职务", exact=True).fill("副主任")
    expect(page.get_by_role("checkbox", name="修改：责任人职务")).to_be_checked()
    look = page.get_by_role("button", name="预览变化")
    expect(look).to_be_in_viewport()
    look.click()
    table = page.locator("#preview table")
    expect(table.locator("thead")).to_contain_text("副主任")
    expect(table.locator("tbody tr")).to_have_count(3)
    page.get_by_label("责任人职务", exact=True).fill("")
    page.get_by_role("button", name="预览变化").click()
    expect(page.locator("#preview")).to_contain_text("没有变化")
