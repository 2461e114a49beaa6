"""One phone whose store outlives its app, as the field has it: the app is killed, not closed."""

import contextlib
import os
import shutil
import signal
from time import time

import pytest
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import text

from tests.browsing import FLAGS, LIMIT_MS, PHONE

# What waits for it does not wait for promises: each look asks, and the next one hears the answer.
NO_COPIES = """() => {
  caches.keys().then((names) => (window.copies = names.length));
  return window.copies === 0;
}"""
HERE = {"latitude": 30.8, "longitude": 108.3501, "accuracy": 9}


@pytest.fixture
def app(browser, live_server, tmp_path):
    """`app(token)` opens the app on one phone, whose store outlives it, and kills what ran."""
    running = []

    def kill():
        while running:
            context = running.pop()
            lock = tmp_path / "phone/SingletonLock"  # a link to machine-pid
            os.kill(int(lock.readlink().name.rpartition("-")[2]), signal.SIGKILL)
            with contextlib.suppress(PlaywrightError):  # it was still asked something
                context.close()
            lock.unlink()

    def do(token):
        kill()
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "phone",
            executable_path=shutil.which("chromium"),
            args=FLAGS,
            viewport=PHONE,
            geolocation=HERE,
            permissions=["geolocation"],
            base_url=live_server.url,
        )
        running.append(context)
        context.set_default_timeout(LIMIT_MS)
        cookie = {"name": "yitong_session", "value": token, "url": live_server.url}
        context.add_cookies([cookie | {"expires": time() + 86_400}])
        return context.pages[0]

    yield do
    kill()


def rows(owner, query):
    found = [tuple(row) for row in owner.execute(text(query)).all()]
    owner.rollback()
    return found
