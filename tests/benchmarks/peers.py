"""Python programs that others would pick, each in an environment of its own, made on demand."""

import subprocess
import sys
from pathlib import Path

from tests.benchmarks.harness import Spent

HOME = Path("build/peers")


def python_with(package: str) -> Path:
    """Give the interpreter of an environment that has this package."""
    home = HOME / package
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=True)
        (home / "ready").touch()
    return python


def self_timed(python: Path, program: str, *words: str) -> Spent:
    """Run a program that prints its own seconds: its start is not part of the work."""
    done = subprocess.run(
        [python, "-c", program, *words], check=True, capture_output=True, text=True
    )
    return Spent(float(done.stdout))
