"""Whether two points may be the same one: pure, over what is known of both so far."""

LIKE_SHARE = 0.5
"""Names are alike from here on, as a share of the pairs of signs they have in common."""


def is_like(*, hazard_type: str, name: str, other_type: str, other_name: str) -> bool:
    """Tell whether an entry beside a place may be the point meant there.

    As long as its kind is not known, every entry there may be the one.
    """
    return not hazard_type or hazard_type == other_type or is_like_name(name, other_name)


def is_like_name(name: str, other: str) -> bool:
    """Tell whether two names share enough: 大石坡滑坡 and 大石坡 1 号, not 枇杷坪滑坡."""
    here, there = pairs(name), pairs(other)
    return bool(here & there) and 2 * len(here & there) >= LIKE_SHARE * (len(here) + len(there))


def pairs(name: str) -> frozenset[str]:
    """Give the neighbouring signs of a name; spaces, marks and capitals tell nothing apart."""
    plain = "".join(sign for sign in name.casefold() if sign.isalnum())
    return frozenset(plain[at : at + 2] for at in range(max(1, len(plain) - 1)) if plain)
