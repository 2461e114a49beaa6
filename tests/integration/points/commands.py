"""The program's command line, called as a person calls it."""

import os
import subprocess
import sys

from gis.store.cluster import Urls


def yitong(*words: str, database: Urls, fails: bool = False) -> str:
    """Run a command on the test's database and give what it said."""
    told = {"DATABASE_URL": database.owner, "YITONG_APP_DATABASE_URL": database.app}
    done = subprocess.run(
        [sys.executable, "-m", "rescue_app.cli", *words],
        env={**os.environ, **told, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode != 0) is fails, done.stdout + done.stderr
    return done.stdout + done.stderr
