"""What a process holds for good is not looked through again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def settle() -> None:
    """Leave what stands at the start out of every later search for garbage.

    Modules, routes and mappings stay as long as the process; a page of many rows had all of them
    looked through again.
    """
    gc.collect()
    gc.freeze()


@contextmanager
def starting() -> Iterator[None]:
    """Search for no garbage while modules are read: none is made, and it takes a fifth of that."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
