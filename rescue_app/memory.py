"""What a process holds for good is not looked through again and again."""

import gc


def settle() -> None:
    """Leave what stands at the start out of every later search for garbage.

    Modules, routes and mappings stay as long as the process; a page of many rows had all of them
    looked through again.
    """
    gc.collect()
    gc.freeze()
