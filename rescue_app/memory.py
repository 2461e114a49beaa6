"""What a process holds for good is not looked through again and again."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder

MADE = 50_000
"""How many more things are made than given up before garbage is searched for.

An order to 5,000 crews makes 15,000 that stay until its commit. At Python's own 700 one of five was
held up for half a second, while 5,000 open pages were looked through.
"""
FRAMES = frozenset({"pandas", "geopandas"})


def settle() -> None:
    """Leave what stands at the start out of every later search for garbage.

    Modules, routes and mappings stay as long as the process; a page of many rows had all of them
    looked through again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE)


@contextmanager
def starting() -> Iterator[None]:
    """Search for no garbage while modules are read: none is made, and it takes a fifth of that."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class _Unread(MetaPathFinder):
    """Says of some modules that they are not there."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:  # noqa: ARG002 - as the protocol has it
        """Stop the search for what makes frames; leave all others to the next finder."""
        if fullname in FRAMES:
            raise ModuleNotFoundError(fullname, name=fullname)


def without_frames() -> None:
    """Leave pandas and geopandas out of this process for good.

    Arrow reads the one with its first list, pyogrio both, only to ask whether a value is a frame:
    half a second of a program that makes none.
    """
    sys.meta_path.insert(0, _Unread())
