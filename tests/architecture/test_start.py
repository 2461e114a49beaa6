"""The server starts quickly: what only a job or a command needs is read when it is called."""

import subprocess
import sys

from tests.architecture.sources import PROJECT

HEAVY = ("pandas", "geopandas", "pyogrio", "pyarrow", "scipy", "folium", "openpyxl")


def read_by(module):
    script = f"import sys, {module}; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_server_reads_no_library_of_tables_or_files():
    assert not read_by("rescue_app.main") & set(HEAVY)


def test_the_first_command_reads_neither_the_server_nor_the_orm():
    read = read_by("rescue_app.commands.serve")
    assert not read & {"fastapi", "sqlalchemy.orm", "alembic", *HEAVY}
