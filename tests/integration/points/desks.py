"""A planner's desk with the wizard on it: upload, compare, send, as the page does."""

import re
from html.parser import HTMLParser

import pytest

from gis.authority import Role
from gis.store.base import new_id
from tests.integration.test_jobs import run_worker
from tests.world import WANZHOU

__all__ = ["bring", "compare", "desk_of_wanzhou", "fields", "figures", "run_worker", "send"]


@pytest.fixture
def desk_of_wanzhou(desk, sign_in):
    sign_in(desk, Role.PLANNER, WANZHOU, name="万规划")
    return desk


@pytest.fixture
def bring(desk_of_wanzhou, run_worker):
    """Upload a file and let the worker open it; gives the address of its page."""

    def do(path, name=None):
        sent = desk_of_wanzhou.put(
            f"/api/v1/imports/{new_id()}",
            params={"name": name or path.name},
            content=path.read_bytes(),
        )
        assert sent.status_code == 201, sent.text
        run_worker()
        return sent.json()["page"]

    return do


@pytest.fixture
def fields():
    """The form of a page as a browser would send it; asked for a system, the person says GPS."""

    class Form(HTMLParser):
        def __init__(self):
            super().__init__()
            self.sent, self.select = {"crs": "EPSG:4326"}, ""

        def handle_starttag(self, tag, attrs):
            said = dict(attrs)
            if tag == "input" and said.get("name") and said.get("type") != "radio":
                self.sent[said["name"]] = said.get("value", "")
            if tag == "select":
                self.select = said.get("name", "")
            if tag == "option" and "selected" in said:
                self.sent[self.select] = said.get("value", "")

    def read(html):
        form = Form()
        form.feed(html)
        return form.sent

    return read


@pytest.fixture
def compare(desk_of_wanzhou, run_worker, fields):
    """Press “compare” on what is proposed, with some fields changed."""

    def do(page, **changes):
        sent = fields(desk_of_wanzhou.get(page).text) | {"go": "1"} | changes
        answer = desk_of_wanzhou.post(f"{page}/columns", data=sent)
        assert answer.status_code == 303, answer.text
        run_worker()
        return desk_of_wanzhou.get(page).text

    return do


def figures(html):
    return [int(n.replace(",", "")) for n in re.findall(r"</span><b>([\d,]+)</b></a>", html)]


@pytest.fixture
def send(desk_of_wanzhou, run_worker):
    """Press “send for review”; gives the case."""

    def do(page):
        assert desk_of_wanzhou.post(f"{page}/send").status_code == 303
        run_worker()
        assert "打开办件" in desk_of_wanzhou.get(page).text
        return page.removeprefix("/imports/")

    return do
