"""What a log line may hold: kinds and places, never anybody's data."""

import io
import json
import logging

import pytest
import structlog

from rescue_app import logs


@pytest.fixture
def lines():
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


class DuplicateError(Exception):
    sqlstate = "23505"


def stumble():
    raise DuplicateError("Key (phone)=(13800000000) already exists")


def test_an_exception_is_told_by_kind_and_place_without_its_words(lines):
    try:
        try:
            stumble()
        except DuplicateError as origin:
            raise RuntimeError("王敏") from origin
    except RuntimeError:
        structlog.get_logger().exception("failed")
    (line,) = lines()
    assert [error["type"] for error in line["errors"]] == ["RuntimeError", "DuplicateError"]
    assert line["errors"][1]["sqlstate"] == "23505"
    assert "test_logs.py" in line["errors"][0]["at"][0]
    assert "王敏" not in str(line)
    assert "13800000000" not in str(line)


def test_libraries_log_in_the_same_form(lines):
    logging.getLogger("uvicorn.error").info("Started on %s", "a socket")
    (line,) = lines()
    assert line["event"] == "Started on a socket"
    assert line["level"] == "info"
    assert line["at"].endswith("Z")
