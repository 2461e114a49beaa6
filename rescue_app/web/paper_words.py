"""Words on paper, in both languages beside each other: a card hangs where either may be read."""

from collections.abc import Mapping

from rescue_app.web.words import LOCALES, ngettext, translate

MEANS = {
    "gong": "Gong", "horn": "Horn", "terminal": "Terminal", "phone": "Phone",
    "loudspeaker": "Loudspeaker",
}  # fmt: skip
METHODS = {
    "group": "Group defence", "professional": "Professional", "both": "Group and professional",
}  # fmt: skip
SCALES = {"giant": "Giant", "large": "Large", "medium": "Medium", "small": "Small"}
GRADES = {"I": "Grade I", "II": "Grade II", "III": "Grade III", "IV": "Grade IV"}
SEASONS = {"all": "All year", "flood": "Flood season", "dry": "Outside flood season"}
RHYTHMS = {
    "once": "Once", "hourly": "Every hour", "twice_daily": "Twice a day", "daily": "Daily",
    "twice_weekly": "Twice a week", "weekly": "Weekly", "monthly": "Monthly",
    "quarterly": "Quarterly", "yearly": "Yearly", "around_rain": "Before, during and after rain",
}  # fmt: skip
DIRECTIONS = {
    "north": "north", "north_east": "north-east", "east": "east", "south_east": "south-east",
    "south": "south", "south_west": "south-west", "west": "west", "north_west": "north-west",
}  # fmt: skip
POSTS = {
    "owner": "Prevention owner", "monitoring": "Monitoring owner", "monitor": "Monitor",
}  # fmt: skip
MOST_SIGNS = 120
Both = dict[str, str]
"""The same in Chinese and in English; what comes from the ledger stands in `zh` alone."""


def both(text: str, **values: object) -> Both:
    """Say a message in both languages; a value that is one of `Both` is said in each."""
    said: Both = {}
    for locale in LOCALES:
        here = {k: v[locale] if isinstance(v, Mapping) else v for k, v in values.items()}
        said[locale] = translate(locale, text, **here)
    return said


def counted(one: str, many: str, count: int) -> Both:
    """Say how many there are of a thing in both languages."""
    return {locale: ngettext(locale, one, many, count) for locale in LOCALES}


def data(text: str) -> Both:
    """Say what the ledger says, once; what no card has room for is cut with a mark of it."""
    plain = " ".join(text.split())
    return {"zh": plain if len(plain) <= MOST_SIGNS else plain[: MOST_SIGNS - 1] + "…", "en": ""}


def joined(parts: list[Both], mark: Mapping[str, str]) -> Both:
    """Put several together in each language."""
    return {
        locale: mark[locale].join(one[locale] or one["zh"] for one in parts) for locale in LOCALES
    }
