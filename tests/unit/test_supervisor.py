"""What the supervisor does with processes that do not want to live."""

import threading

import pytest

from gis.errors import Unavailable
from rescue_app.supervisor import Child, Supervisor


def supervising(tmp_path, script):
    said = []
    child = Child("server", ["sh", "-c", script], tmp_path / "server.log")
    supervisor = Supervisor([child], said.append)
    supervisor.start("server")
    return supervisor, child, said


def test_a_child_that_dies_before_it_is_ready_is_told_with_its_last_words(tmp_path):
    supervisor, _, _ = supervising(tmp_path, "echo no such module >&2; exit 3")
    with pytest.raises(Unavailable, match="no such module"):
        supervisor.wait_until(lambda: False, limit_s=30, stop=threading.Event())


def test_a_child_that_keeps_dying_is_given_up(tmp_path):
    supervisor, _, said = supervising(tmp_path, "echo broken; exit 1")
    with pytest.raises(Unavailable, match=r"does not stay up(.|\n)*broken"):
        supervisor.watch(threading.Event())
    assert said == ["server ended (1); starting it again"] * 5


def test_a_child_that_will_not_end_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("rescue_app.supervisor.END_LIMIT_S", 0.2)
    supervisor, child, _ = supervising(tmp_path, "trap '' TERM; echo up; while :; do sleep 1; done")
    listening = (tmp_path / "server.log").read_text
    assert supervisor.wait_until(lambda: "up" in listening(), limit_s=30, stop=threading.Event())
    supervisor.end()
    assert child.died() == -9


def test_waiting_ends_when_everything_is_to_stop(tmp_path):
    supervisor, _, _ = supervising(tmp_path, "sleep 60")
    stop = threading.Event()
    stop.set()
    assert not supervisor.wait_until(lambda: False, limit_s=30, stop=stop)
    supervisor.end()
