"""A list as an XLSForm, for the programs of the ODK family: pure.

What those have no word for travels in two sheets of our own, which they pass over, so that
nothing is lost on the way back.
"""

from collections.abc import Iterator, Mapping

from hazards.checklists.files import ItemEntry, TemplateEntry

ZH, EN = "中文 (zh)", "English (en)"
SURVEY = (
    "type", "name", f"label::{ZH}", f"label::{EN}", f"hint::{ZH}", f"hint::{EN}",
    "appearance", "constraint", f"constraint_message::{ZH}", f"constraint_message::{EN}",
    "relevant", "required",
)  # fmt: skip
CHOICES = ("list_name", "name", f"label::{ZH}", f"label::{EN}")
OUR_LIST, OUR_ITEMS = "yitong_list", "yitong_items"
LIST_FACTS = ("applies_to", "hazard_types", "mode", "season", "rhythm", "role", "window_hours")
ITEM_FACTS = ("question", "bad", "grade", "stop", "bad_choices", "unit", "above", "below")
YES_NO = "yes_no"
STOP = ("先封控或撤人，再填报。", "Close or evacuate first, then write.")
TYPES = {"number": "decimal", "text": "text", "photo": "image", "signature": "image"}

Rows = list[list[str]]


def sheets(template: TemplateEntry, *, version: int) -> dict[str, Rows]:
    """Write a list as the sheets of a workbook."""
    named = {item.code for item in template.items}
    survey = [row for item in template.items for row in survey_rows(item, named)]
    return {
        "survey": [list(SURVEY), *([row.get(name, "") for name in SURVEY] for row in survey)],
        "choices": [list(CHOICES), *choice_rows(template)],
        "settings": [
            ["form_title", "form_id", "version", "default_language"],
            [plain(template.name.zh), template.code, str(version), ZH],
        ],
        OUR_LIST: [["fact", "value"], *list_rows(template)],
        OUR_ITEMS: [["name", *ITEM_FACTS], *map(item_row, template.items)],
    }


def plain(text: str) -> str:
    """Keep our words from being read as a reference to another question."""
    return text.replace("${", "＄{")


def survey_rows(item: ItemEntry, named: set[str]) -> Iterator[Mapping[str, str]]:
    """Write an item, and after one that stops everything the note that says so."""
    yield {
        "type": type_of(item),
        "name": item.code,
        f"label::{ZH}": plain(item.text.zh),
        f"label::{EN}": plain(item.text.en),
        f"hint::{ZH}": plain(item.unit),
        f"hint::{EN}": plain(item.unit),
        "appearance": "signature" if item.kind == "signature" else "",
        "required": "yes" if item.required else "",
    } | constraint(item)
    wrong = when_bad(item)
    if item.stop and wrong:
        name = f"{item.code}_stop"
        while name in named:
            name += "_"
        note = {"type": "note", "name": name, "relevant": wrong}
        yield note | {f"label::{ZH}": STOP[0], f"label::{EN}": STOP[1]}


def type_of(item: ItemEntry) -> str:
    """Give the type of a question."""
    if item.kind == "yes_no":
        return f"select_one {YES_NO}"
    return f"select_one {item.code}_answers" if item.kind == "choice" else TYPES[item.kind]


def constraint(item: ItemEntry) -> dict[str, str]:
    """Write what can be typed at all."""
    parts = []
    if item.minimum is not None:
        parts.append(f". >= {item.minimum!r}")
    if item.maximum is not None:
        parts.append(f". <= {item.maximum!r}")
    if not parts:
        return {}
    low, high = shown(item.minimum) or "−∞", shown(item.maximum) or "∞"
    return {
        "constraint": " and ".join(parts),
        f"constraint_message::{ZH}": f"应在 {low} 到 {high} 之间",
        f"constraint_message::{EN}": f"Between {low} and {high}",
    }


def when_bad(item: ItemEntry) -> str:
    """Write when an answer is bad, as far as a form can know it: not by a city's figures."""
    here = f"${{{item.code}}}"
    if item.kind == "yes_no":
        return f"{here} = '{'yes' if item.bad else 'no'}'"
    parts = [f"{here} = '{one.value}'" for one in item.choices if one.bad]
    if isinstance(item.above, float):
        parts.append(f"{here} > {item.above!r}")
    if isinstance(item.below, float):
        parts.append(f"{here} < {item.below!r}")
    return " or ".join(parts)


def choice_rows(template: TemplateEntry) -> Rows:
    """Write the answers of the choices."""
    rows = [[YES_NO, "yes", "是", "Yes"], [YES_NO, "no", "否", "No"]]
    for item in template.items:
        rows += [
            [f"{item.code}_answers", one.value, plain(one.zh), plain(one.en)]
            for one in item.choices
        ]
    return rows


def list_rows(template: TemplateEntry) -> Rows:
    """Write when and by whom a list is done."""
    texts = [["name_en", template.name.en]]
    for name in LIST_FACTS:
        value = getattr(template, name)
        texts.append([name, " ".join(value) if isinstance(value, tuple) else str(value)])
    return texts


def item_row(item: ItemEntry) -> list[str]:
    """Write what an item is besides a question."""
    facts = {
        "question": item.question or "",
        "bad": "" if item.bad is None else "yes" if item.bad else "no",
        "grade": str(item.grade),
        "stop": "yes" if item.stop else "no",
        "bad_choices": " ".join(one.value for one in item.choices if one.bad),
        "unit": item.unit,
        "above": shown(item.above),
        "below": shown(item.below),
    }
    return [item.code, *(facts[name] for name in ITEM_FACTS)]


def shown(limit: float | str | None) -> str:
    """Write a figure so that it comes back the same, or the code of a threshold."""
    return "" if limit is None else limit if isinstance(limit, str) else f"{limit:.17g}"
