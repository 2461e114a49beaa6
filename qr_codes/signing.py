"""What stands on a label: short enough to type, told apart when mistyped or forged (pure).

Sixteen Crockford symbols: 24 bits asset number, 7 bits issue, 4 bits key id, 40 bits MAC and
one check symbol. A slip of the finger breaks the check; a made-up code breaks the MAC.
"""

import hmac
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from gis.errors import Rejected, Unavailable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
NUMBER_BITS, ISSUE_BITS, KEY_BITS, MAC_BITS = 24, 7, 4, 40
HIGHEST_NUMBER = (1 << NUMBER_BITS) - 1
HIGHEST_ISSUE = (1 << ISSUE_BITS) - 1
KEYS_ON_THE_RING = 1 << KEY_BITS
KEY_BYTES = 32
PURPOSE = b"yitong/risk-code/1"

_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BETWEEN = frozenset("-_. \t\r\n\u00ad\u200b\u2010\u2011\u2012\u2013\u2014\u2212\u00b7\u30fb")


class Mistyped(Rejected):
    """The check symbol does not fit: a slip of the finger, not a forgery."""

    code = "mistyped"


class Forged(Rejected):
    """The code is well formed but nobody here signed it."""

    code = "forged"


@dataclass(frozen=True, slots=True)
class Content:
    """What a valid code says: which asset, and which label of it in order."""

    number: int
    issue: int


@dataclass(frozen=True)
class KeyRing:
    """Keys by id: `current` signs, all of them verify, so old labels outlive a rotation."""

    keys: dict[int, bytes]
    current: int

    def __post_init__(self) -> None:
        """Refuse a ring that could not sign."""
        if self.current not in self.keys:
            raise Unavailable("No key signs the codes yet. Run: yitong db migrate")


def _power_table() -> tuple[list[int], dict[int, int]]:
    powers, value = [], 1
    for _ in range(31):
        powers.append(value)
        value <<= 1
        if value & 32:
            value ^= 0b100101  # x^5 + x^2 + 1, primitive: 31 different powers
    return powers, {power: exponent for exponent, power in enumerate(powers)}


_POWERS, _LOGS = _power_table()


def check_symbol(body: str) -> str:
    """Weighted sum over GF(32); weights all differ, so one error or one swap always shows."""
    total = 0
    for position, symbol in enumerate(body, start=1):
        value = _VALUE[symbol]
        if value:
            total ^= _POWERS[(_LOGS[value] + position) % 31]
    return ALPHABET[total]


def _mac(key: bytes, *, key_id: int, content: Content) -> int:
    said = PURPOSE + bytes([key_id]) + content.number.to_bytes(4) + content.issue.to_bytes(2)
    return int.from_bytes(hmac.digest(key, said, sha256)[: MAC_BITS // 8])


def symbols_of(value: int, *, count: int) -> str:
    """Write a number in base 32."""
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(5 * (count - 1), -1, -5))


def sign(ring: KeyRing, content: Content) -> str:
    """Write the code of one label with the key now in force."""
    if not 1 <= content.number <= HIGHEST_NUMBER:
        raise Rejected(
            "Asset number {number} is outside what a code can carry.", number=content.number
        )
    if not 1 <= content.issue <= HIGHEST_ISSUE:
        raise Rejected(
            "This asset has used up its {most} labels. Register it anew.", most=HIGHEST_ISSUE
        )
    key_id = ring.current
    head = (content.number << ISSUE_BITS | content.issue) << KEY_BITS | key_id
    mac = _mac(ring.keys[key_id], key_id=key_id, content=content)
    body = symbols_of(head << MAC_BITS | mac, count=LENGTH - 1)
    return body + check_symbol(body)


def tidy(typed: str) -> str:
    """Forgive what people type: spaces, dashes, lower case, full width, I L O for 1 1 0."""
    if len(typed) > 8 * LENGTH:
        raise Mistyped("This code is too long. A code has {length} symbols.", length=LENGTH)
    flat = unicodedata.normalize("NFKC", typed).upper()
    return "".join(symbol for symbol in flat if symbol not in _BETWEEN).translate(_ALIKE)


def checked(typed: str) -> str:
    """The tidy code, or Mistyped when it cannot be one."""
    code = tidy(typed)
    if len(code) != LENGTH:
        raise Mistyped(
            "A code has {length} symbols; this one has {found}. Compare it with the label.",
            length=LENGTH,
            found=len(code),
        )
    strange = next((symbol for symbol in code if symbol not in _VALUE), None)
    if strange is not None:
        raise Mistyped(
            "“{symbol}” never stands in a code. Compare it with the label.", symbol=strange
        )
    if check_symbol(code[:-1]) != code[-1]:
        raise Mistyped("One symbol of this code is wrong. Compare it with the label.")
    return code


def verify(ring: KeyRing, typed: str) -> Content:
    """Read a code; Mistyped or Forged when it is not one of ours."""
    code = checked(typed)
    value = 0
    for symbol in code[:-1]:
        value = value << 5 | _VALUE[symbol]
    head, mac = value >> MAC_BITS, value & ((1 << MAC_BITS) - 1)
    key_id, rest = head & (KEYS_ON_THE_RING - 1), head >> KEY_BITS
    content = Content(number=rest >> ISSUE_BITS, issue=rest & HIGHEST_ISSUE)
    # An unknown key id is measured against a key of zeros, so both refusals take equal time.
    expected = _mac(ring.keys.get(key_id, bytes(KEY_BYTES)), key_id=key_id, content=content)
    same = hmac.compare_digest(expected.to_bytes(8), mac.to_bytes(8))
    if not same or key_id not in ring.keys:
        raise Forged(
            "This code was not issued here. Do not trust the label; report where it hangs."
        )
    return content


def key_id_of(typed: str) -> int:
    """Which key a code claims, so that a process with an old ring knows to look again."""
    code = checked(typed)
    head = 0
    for symbol in code[: (NUMBER_BITS + ISSUE_BITS + KEY_BITS) // 5]:
        head = head << 5 | _VALUE[symbol]
    return head & (KEYS_ON_THE_RING - 1)


def grouped(code: str) -> str:
    """For people: four groups of four, as printed below the symbol."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
