"""What may be kept as a view: a name people can read, and the part of an address behind /map."""

import re

from gis.errors import Rejected

MOST_NAME = 60
MOST_ADDRESS = 8_000
MOST_VIEWS = 100
# Only a question and a place on our own map: a kept view leads nowhere else.
ADDRESS = re.compile(r"(\?[\w.~%&=+:,;()/!*'$@-]*)?(#[\w.~%&=+:,;()/!*'$@-]*)?")


def named(name: str) -> str:
    """Give the name as it is kept."""
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= MOST_NAME:
        raise Rejected("Give the view a name of at most {most} characters.", most=MOST_NAME)
    return plain


def checked(address: str) -> str:
    """Give the address if it is one of the map's."""
    if len(address) > MOST_ADDRESS or not ADDRESS.fullmatch(address):
        raise Rejected("This is no address of the map. Open the map and save the view there.")
    return address
