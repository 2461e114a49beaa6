"""What people write back or press: 1 is yes, 2 is cannot, the rest of it is the reason. Pure."""

import re
import unicodedata
from dataclasses import dataclass

YES_WORDS = ("收到", "yes", "ok", "received")
CANNOT_WORDS = ("不能", "cannot", "no")
GAP = r"[\s#,.;:、。]"
DIGIT = re.compile(rf"([12])(?:{GAP}+([1-9][0-9])(?![0-9]))?(?![0-9]){GAP}*(.*)", re.DOTALL)
REASON_LENGTH = 300
PHONE = re.compile(r"[^0-9]")
COUNTRY = "86"
CHINESE_DIGITS = 11


@dataclass(frozen=True, slots=True)
class Pressed:
    """An answer; `number` names the message when the person named it."""

    yes: bool
    number: int | None = None
    why: str = ""


def read(text: str) -> Pressed | None:
    """Understand an answer, or give None where it is none (a reason, or something else)."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("#*\"'“”【】[]").strip()
    lower = plain.lower()
    for words, digit in ((YES_WORDS, "1"), (CANNOT_WORDS, "2")):
        for word in words:
            rest = plain[len(word) :]
            ends = not (word.isascii() and rest[:1].isalpha())
            if lower.startswith(word) and ends:
                plain = f"{digit} {rest.strip()}"
                lower = plain
    found = DIGIT.fullmatch(plain)
    if found is None:
        return None
    number = int(found[2]) if found[2] else None
    return Pressed(found[1] == "1", number, found[3].strip()[:REASON_LENGTH])


def phone(text: str) -> str:
    """Bring a phone number to its digits, without the country's code: it comes in many forms."""
    digits = PHONE.sub("", text)
    digits = digits.removeprefix("00")
    if len(digits) == len(COUNTRY) + CHINESE_DIGITS and digits.startswith(COUNTRY):
        return digits.removeprefix(COUNTRY)
    return digits
