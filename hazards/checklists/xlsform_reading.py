"""An XLSForm of ours or of another program, read into a list; what does not fit is told by row."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gis.errors import PlatformError, Rejected
from hazards.checklists import xlsform
from hazards.checklists.files import ItemEntry

Record = Mapping[str, str]
PASSED_OVER = re.compile(
    r"(begin|end)[ _](group|repeat)|note|start|end|today|deviceid|username|audit|phonenumber|email"
    r"|start-geopoint|simserial|subscriberid"
)
PLAIN_TYPES = {
    "text": "text",
    "string": "text",
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "range": "number",
    "image": "photo",
    "photo": "photo",
}
SEVERAL = "An item has one answer. Make one yes-or-no item of each."
YES = frozenset({"yes", "true", "true()", "1"})
STRANGE = "A list has no item of this kind: this question is left out."
NO_ITEM = "This question does not make a whole item: it is left out."
ONE_LANGUAGE = "One language is missing: add its words."
UNPLAIN = "Only “. >= figure” and “. <= figure” fit: this is left out."
SELECT = re.compile(r"select[ _]one[ _](?:from )?(\S+)")
BOUND = re.compile(r"\.\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
AND = re.compile(r"\s+and\s+", re.IGNORECASE)
UNFIT = {
    "relevant": "A list asks all its items: this condition is left out.",
    "choice_filter": "Answers do not depend on other answers here: this filter is left out.",
    "calculation": "A list does not reckon: this calculation is left out.",
}


@dataclass(frozen=True, slots=True)
class Slip:
    """What of a form does not fit, and where it stands."""

    sheet: str
    row: int
    column: str
    value: str
    reason: PlatformError


@dataclass(slots=True)
class Brought:
    """A form as raw list, ready for the editor, and what was left out."""

    raw: dict[str, Any]
    slips: list[Slip] = field(default_factory=list)

    def left_out(self, row: int, column: str, value: str, reason: str) -> None:
        """Note what does not fit."""
        self.slips.append(Slip("survey", row, column, value[:80], Rejected(reason)))


def read(path: Path) -> Brought:
    """Read a workbook; raise Rejected when no XLSForm program would take it."""
    survey = list(sheet(path, "survey"))
    if not survey:
        raise Rejected("This workbook has no sheet “survey”: it is no XLSForm.")
    settings = [record for _, record in sheet(path, "settings")]
    accepted(path)
    answers: dict[str, list[Record]] = {}
    for _, record in sheet(path, "choices"):
        name = record.get("list_name") or record.get("list name") or ""
        answers.setdefault(name, []).append(record)
    facts = {one.get("fact", ""): one.get("value", "") for _, one in sheet(path, xlsform.OUR_LIST)}
    ours = {one.get("name", ""): one for _, one in sheet(path, xlsform.OUR_ITEMS)}
    brought = Brought(list_facts(settings[0] if settings else {}, facts, path.stem))
    for row, record in survey:
        item = one_item(brought, row, record, answers)
        if item is None:
            continue
        item |= own_facts(item, ours.get(item["code"]))
        try:
            ItemEntry.model_validate(item)
        except ValidationError:
            brought.left_out(row, "name", item["code"], NO_ITEM)
        else:
            brought.raw["items"].append(item)
    return brought


def sheet(path: Path, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the rows of a sheet with their numbers; none where there is no such sheet."""
    from gis import exchange  # noqa: PLC0415 - the readers behind it are slow to load

    if name not in exchange.read(path).layers:
        return
    table = exchange.read(path, layer=name)
    for line, record in zip(table.lines, table.records(), strict=True):
        said = {str(k).strip(): str(v).strip() for k, v in record.items() if v is not None}
        yield int(line), said


def accepted(path: Path) -> None:
    """Hold that the file is an XLSForm, by the program that defines what one is."""
    from pyxform.errors import PyXFormError  # noqa: PLC0415 - slow to load, and rarely needed
    from pyxform.xls2xform import convert  # noqa: PLC0415 - the same

    try:
        convert(path, validate=False)
    except PyXFormError as trouble:
        raise Rejected(
            "This is no valid XLSForm: {reason}", reason=str(trouble).splitlines()[0][:300]
        ) from trouble


def list_facts(settings: Record, facts: Record, stem: str) -> dict[str, Any]:
    """Give what a form says of itself as a whole."""
    title = settings.get("form_title") or settings.get("title") or stem
    raw: dict[str, Any] = {
        "code": name_of(settings.get("form_id") or settings.get("id_string") or stem),
        "name": {"zh": title, "en": facts.get("name_en", title)},
        "items": [],
    }
    for name in xlsform.LIST_FACTS:
        if name in facts:
            several = name in {"applies_to", "hazard_types"}
            raw[name] = facts[name].split() if several else facts[name]
    return raw


def name_of(text: str) -> str:
    """Give a name as our codes are written."""
    clean = re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_")[:55]
    return clean if re.match(r"[a-z].", clean) else f"item_{clean}"


def one_item(
    brought: Brought, row: int, record: Record, answers: Mapping[str, list[Record]]
) -> dict[str, Any] | None:
    """Read a question, or note why it is none of ours."""
    said = " ".join(record.get("type", "").split())
    if not said or PASSED_OVER.fullmatch(said.lower()):
        return None
    item = kind_of(said, record, answers)
    if item is None:
        several = said.lower().startswith("select_multiple")
        brought.left_out(row, "type", said, SEVERAL if several else STRANGE)
        return None
    for column, reason in UNFIT.items():
        if record.get(column):
            brought.left_out(row, column, record[column], reason)
    words = {code: label(record, code) for code in ("zh", "en")}
    for code, other in (("zh", "en"), ("en", "zh")):
        if not words[code]:
            words[code] = words[other] or record.get("name", "")
            brought.left_out(row, "label", words[code], ONE_LANGUAGE)
    limits = bounds(brought, row, record) if item["kind"] == "number" else {}
    code = name_of(record.get("name", ""))
    return {"code": code, "text": words, "grade": 3, "unit": ""} | item | limits


def kind_of(
    said: str, record: Record, answers: Mapping[str, list[Record]]
) -> dict[str, Any] | None:
    """Find which kind of item a question is."""
    chosen = SELECT.fullmatch(said)
    if chosen is None:
        kind = PLAIN_TYPES.get(said.split(" ", maxsplit=1)[0].lower())
        signed = kind == "photo" and "signature" in record.get("appearance", "")
        if kind == "photo":
            asked = record.get("required", "").lower() in YES
            return {"kind": "signature" if signed else kind, "required": asked}
        return {"kind": kind} if kind else None
    found = answers.get(chosen[1], [])
    if {one.get("name", "").lower() for one in found} == {"yes", "no"}:
        return {"kind": "yes_no", "bad": True}
    choices = [
        {"value": name_of(one.get("name", "")), "zh": label(one, "zh") or label(one, "en"),
         "en": label(one, "en") or label(one, "zh"), "bad": False}
        for one in found
    ]  # fmt: skip
    return {"kind": "choice", "choices": choices} if len(choices) > 1 else None


def label(record: Record, language: str) -> str:
    """Give the words of a language; a column without one stands for both."""
    marks = {"zh": ("(zh", "中文", "chinese"), "en": ("(en", "english")}[language]
    for column, text in record.items():
        low = column.lower()
        if low.startswith("label:") and any(mark in low for mark in marks):
            return text
    return record.get("label", "")


def bounds(brought: Brought, row: int, record: Record) -> dict[str, float]:
    """Read what can be typed at all, if it is as plain as two limits."""
    said = record.get("constraint", "")
    found: dict[str, float] = {}
    for part in AND.split(said.strip("() ")) if said else []:
        bound = BOUND.fullmatch(part.strip("() "))
        if bound is None or bound[1] in {">", "<"}:
            brought.left_out(row, "constraint", said, UNPLAIN)
            return {}
        found["minimum" if bound[1] == ">=" else "maximum"] = float(bound[2])
    return found


def own_facts(item: Mapping[str, Any], said: Record | None) -> dict[str, Any]:
    """Add what our own sheet knows of an item."""
    if said is None:
        return {}
    own: dict[str, Any] = {
        "question": said.get("question") or None,
        "grade": said.get("grade") or 3,
        "stop": said.get("stop") == "yes",
        "unit": said.get("unit", ""),
    }
    if item["kind"] == "yes_no":
        own["bad"] = said.get("bad") != "no"
    if item["kind"] == "choice":
        bad = set(said.get("bad_choices", "").split())
        own["choices"] = [one | {"bad": one["value"] in bad} for one in item["choices"]]
    return own | {side: limit(said[side]) for side in ("above", "below") if said.get(side)}


def limit(text: str) -> float | str:
    """Read a limit: a figure or the code of a threshold."""
    try:
        return float(text)
    except ValueError:
        return text
