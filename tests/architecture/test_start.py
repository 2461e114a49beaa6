"""The server starts quickly: what only a job or a command needs is read when it is called."""

import subprocess
import sys

import pytest

from tests.architecture.sources import PROJECT

HEAVY = ("pandas", "geopandas", "pyogrio", "pyarrow", "scipy", "folium", "openpyxl")


CALLED = """
import sys
from contextlib import suppress
from rescue_app.cli import main

sys.argv = ["yitong", {command!r}, "--help"]
with suppress(SystemExit):
    main()
import pyogrio, pyarrow
pyarrow.array([""])
print(*sys.modules)
"""


def read_by(module):
    return read_when(f"import sys, {module}; print(*sys.modules)")


def read_when(script):
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_server_reads_no_library_of_tables_or_files():
    assert not read_by("rescue_app.main") & set(HEAVY)


def test_the_first_command_reads_neither_the_server_nor_the_orm():
    read = read_by("rescue_app.commands.serve")
    assert not read & {"fastapi", "sqlalchemy.orm", "alembic", *HEAVY}


@pytest.mark.parametrize("command", ["points", "events", "assets"])
def test_a_command_that_makes_no_frames_reads_no_library_of_frames(command):
    read = read_when(CALLED.format(command=command))
    assert "pyogrio" in read
    assert not read & {"pandas", "geopandas"}
