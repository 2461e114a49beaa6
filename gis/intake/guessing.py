"""Which column is which, by what offices call things and by what the values look like.

A guess is a proposal: the person sees it beside sample values and corrects it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from gis.exchange.importing.fields import Field, Kind
from gis.intake.rules import Looked

TYPE = "type"
"""The field that says which of the others a row has (`Field.only_for`)."""
COLUMN, VALUE = "c:", "v:"
"""In front of a proposal: a column of the file, or a code for all rows."""
LONGITUDES = ("经度", "longitude", "lon", "lng", "x坐标", "东经", "x")
LATITUDES = ("纬度", "latitude", "lat", "y坐标", "北纬", "y")
EXTENTS = ("extent", "范围")
NOTHING = re.compile(r"[\s_\-·.:()\[\]【】/*\uff08\uff09\uff1a]+")
GROUPED = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")
DAYS = ("%Y年%m月%d日", "%Y.%m.%d", "%Y%m%d", "%m/%d/%Y")
"""How days are written beside ISO 8601 and 2026/5/30, which need no telling."""
MOST_BY_WORDS = 0.6
"""Share of rows whose words a field must know to be found by them."""
LONGEST_MARK = 12
NUMBERS = frozenset({Kind.WHOLE, Kind.DECIMAL})
Fits = Callable[[str, str], bool]


def plain(heading: str) -> str:
    """Give a heading without what people put around it: 威胁 人数(人) is 威胁人数人."""
    return NOTHING.sub("", heading).lower()


def chosen(looked: Looked, fields: Sequence[Field], *, stem: str) -> dict[str, str]:
    """Propose for each field its column (`c:`) or, for all rows, its code (`v:`).

    Which type the rows are of comes first: it says which fields there are.
    """
    said = first_type(looked, fields, stem=stem)
    having = of_types(fields, types_said(looked, fields, said))
    wanted = [field for field in having if field.name not in said]
    taken = {choice[2:] for choice in said.values() if choice.startswith(COLUMN)}
    rest: Looked = looked | {"columns": [c for c in looked["columns"] if c["name"] not in taken]}
    found = columns(rest, wanted)
    for field in wanted:
        code = named_in(stem, field) if field.common else ""
        if code and field.name not in found:
            said[field.name] = VALUE + code
    names = {field.name for field in wanted}
    marked = {name: COLUMN + heading for name, heading in found.items() if name in names}
    return said | marked | {n: heading for n, heading in found.items() if n not in names}


def first_type(looked: Looked, fields: Sequence[Field], *, stem: str) -> dict[str, str]:
    """Propose what says the type: a heading, the file's own name, its headings, its words."""
    field = next((f for f in fields if f.name == TYPE), None)
    if field is None:
        return {}
    heading = columns(looked, [field]).get(TYPE)
    by_name = {column["name"]: column for column in looked["columns"]}
    named = heading is not None and plain(heading) in {plain(word) for word in field.words}
    texts = [stem, *by_name]
    code = next((c for text in texts if (c := named_in(text, field))), "")
    if heading is None or (code and not named):
        return {TYPE: VALUE + code} if code else {}
    codes = {code_of(word, field) for word, _ in by_name[heading]["words"] or ()}
    if len(codes) == 1 and codes != {""} and not named:
        return {TYPE: VALUE + codes.pop()}  # its column may say something finer
    return {TYPE: COLUMN + heading}


def types_said(looked: Looked, fields: Sequence[Field], said: dict[str, str]) -> frozenset[str]:
    """Name the types that rows may be of; all where nobody knows."""
    field = next((f for f in fields if f.name == TYPE), None)
    choice = said.get(TYPE, "")
    if field is None or not choice:
        return frozenset()
    if choice.startswith(VALUE):
        return frozenset({choice[2:]})
    column = next((c for c in looked["columns"] if c["name"] == choice[2:]), {"words": None})
    return frozenset(code_of(word, field) for word, _ in column["words"] or ()) - {""}


def of_types(fields: Sequence[Field], types: frozenset[str]) -> list[Field]:
    """Keep the fields that some of the types have."""
    return [f for f in fields if not types or not f.only_for or f.only_for & types]


def columns(looked: Looked, fields: Sequence[Field]) -> dict[str, str]:
    """Propose a column for each field that seems to have one; no column is proposed twice.

    Places come first: 位置·东经 is a longitude, not an address. A heading that is the word itself
    goes before one that begins with it or holds it.
    """
    by_name = {column["name"]: column for column in looked["columns"]}
    free = {name: plain(name) for name in by_name}
    found: dict[str, str] = {}
    known = {field.name: field for field in fields}
    for asked in (places(looked, found, free), {field.name: field.words for field in fields}):
        for fits in (str.__eq__, str.startswith, str.__contains__):
            for name in (name for name in asked if name not in found):
                heading = best(free, asked[name], fits, field=known.get(name), by_name=by_name)
                if heading is not None:
                    found[name] = heading
                    del free[heading]
    for field in (f for f in fields if f.common and f.name not in found):
        heading = by_words(field, [by_name[name] for name in free])
        if heading is not None:
            found[field.name] = heading
            del free[heading]
    return found


def places(looked: Looked, found: dict[str, str], free: dict[str, str]) -> dict[str, Sequence[str]]:
    """Find columns whose cells are places by themselves; else give the words of others."""
    asked: dict[str, Sequence[str]] = {}
    drawn = next((c["name"] for c in looked["columns"] if c.get("drawn")), None)
    if drawn is not None and not looked["shapes"]:
        found["extent"] = drawn
        del free[drawn]
    else:
        asked["extent"] = EXTENTS
    if looked["shapes"]:
        return asked
    both = next((c["name"] for c in looked["columns"] if c.get("pairs")), None)
    if both is not None and not {*LONGITUDES[:3]} & {*free.values()}:
        found["place"] = both
        del free[both]
        return asked
    return asked | {"longitude": LONGITUDES, "latitude": LATITUDES}


def best(
    free: dict[str, str],
    words: Iterable[str],
    fits: Fits,
    *,
    field: Field | None,
    by_name: dict[str, Looked],
) -> str | None:
    """Give the first heading that fits the best word and whose values the field can take."""
    for word in words:
        for heading, said in free.items():
            long_enough = len(word) > 2 or said == word or not word.isascii()
            if fits(said, plain(word)) and long_enough and suits(by_name[heading], field):
                return heading
    return None


def suits(column: Looked, field: Field | None) -> bool:
    """Tell whether a column holds what a field can take: no number is read from words."""
    if field is None or not column["filled"]:
        return True
    if field.kind in NUMBERS:
        return column["numbers"] is not None or thousands(column) is not None
    if field.kind is Kind.CODE and not field.common and column["words"]:
        return any(code_of(word, field) for word, _ in column["words"])
    return True


def by_words(field: Field, free: Iterable[Looked]) -> str | None:
    """Give the column most of whose words a field of codes knows."""
    if field.kind is not Kind.CODE:
        return None
    for column in free:
        counted = column["words"] or ()
        known = sum(count for word, count in counted if code_of(word, field))
        if counted and known >= MOST_BY_WORDS * column["filled"]:
            return str(column["name"])
    return None


def several(looked: Looked, field: Field, taken: Iterable[str]) -> list[str]:
    """Propose the columns of a field that is kept from several, by their headings and marks."""
    if not field.like:
        return []
    used = set(taken)
    like = re.compile(field.like)
    return [
        column["name"]
        for column in looked["columns"]
        if column["name"] not in used
        and like.search(column["name"])
        and column["words"] is not None
        and all(len(word) <= LONGEST_MARK for word, _ in column["words"])
    ]


def code_of(word: str, field: Field) -> str:
    """Propose a code for a word of the file: as it is known, or the longest known word in it."""
    known = {k.lower(): v for k, v in field.codes.items()}
    said = word.strip().lower()
    if said in known:
        return known[said]
    inside = [k for k in known if len(k) > 1 and (k in said or said in k)]
    return known[max(inside, key=len)] if inside else ""


def named_in(text: str, field: Field) -> str:
    """Give the code whose word, the longest, stands in a text such as a file's name."""
    said = text.lower()
    inside = [k for k in field.codes if len(k) > 1 and k.lower() in said]
    return field.codes[max(inside, key=len)] if inside else ""


def thousands(column: Looked) -> str | None:
    """Tell whether a column's numbers are written 1,200."""
    seen: list[Any] = [*column["samples"], *(word for word, _ in column["words"] or ())]
    return "," if any(GROUPED.match(str(value)) for value in seen) else None


def written_days(column: Looked) -> str | None:
    """Tell how a column writes its days, where it is none of the ways that need no telling."""
    some = column["samples"]
    return next((form for form in DAYS if some and all(is_day(one, form) for one in some)), None)


def is_day(said: str, form: str) -> bool:
    """Tell whether a text is a day written so."""
    try:
        datetime.strptime(said, form)  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False
    return True
