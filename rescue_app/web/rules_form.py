"""The editor of a rule: steps added and taken out, its kind changed, and what is wrong with it.

As with plans, the server holds no half-made rule: every act sends the whole form and gets it back.
What another kind of rule needs waits in the form, hidden, until the kind is chosen again.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from gis.errors import PlatformError, Rejected
from gis.store.base import new_id
from hazards.alerts.rules import Colour
from hazards.judging import files
from hazards.judging.files import RuleEntry
from hazards.judging.rules import Kind

CURVE = "curve"
STEP = ("colour", "at", "hours", "mark")
BLANK = {"colour": "blue", "at": "", "hours": "", "mark": ""}
MOST_STEPS = 24
PLAIN = ("name_zh", "name_en", "follows_zh", "follows_en", "hazard_type", "property", "ease",
         "margin", "decay", "hold_min", "down_after_min", "agree", "alpha", "beta", "curve_hours",
         "share_blue", "share_yellow", "share_orange", "share_red",
         "second_property", "second_kind")  # fmt: skip


class Sent(BaseModel):
    """The form as a browser sends it: each step gives one value to every list."""

    do: str = "show"
    seen: int = 0
    kind: str = "sum"
    name_zh: str = ""
    name_en: str = ""
    follows_zh: str = ""
    follows_en: str = ""
    hazard_type: str = "waterlogging"
    property: str = "rain"
    ease: str = "80"
    margin: str = "0"
    decay: str = "1"
    hold_min: str = "0"
    down_after_min: str = "60"
    agree: str = "1"
    alpha: str = ""
    beta: str = ""
    curve_hours: str = "1, 3, 6, 12, 24"
    share_blue: str = "70"
    share_yellow: str = "100"
    share_orange: str = "150"
    share_red: str = "200"
    second_property: str = ""
    second_kind: str = "sum"
    step_colour: list[str] = []
    step_at: list[str] = []
    step_hours: list[str] = []
    step_mark: list[str] = []
    other_colour: list[str] = []
    other_at: list[str] = []
    other_hours: list[str] = []
    other_mark: list[str] = []
    station: str = ""
    first: str = ""
    last: str = ""


Row = dict[str, str]


@dataclass(slots=True)
class Draft:
    """What stands in the editor."""

    seen: int
    kind: str
    facts: Row
    steps: list[Row]
    others: list[Row]
    problem: PlatformError | None = None

    @classmethod
    def sent(cls, sent: Sent) -> "Draft":
        """Take what a browser sent."""
        facts = {name: str(getattr(sent, name)).strip() for name in PLAIN}
        kind = sent.kind if sent.kind in {*Kind, CURVE} else Kind.SUM
        return cls(sent.seen, kind, facts, _rows(sent, "step"), _rows(sent, "other"))

    @classmethod
    def brought(cls, entry: RuleEntry | None, seen: int) -> "Draft":
        """Open the editor on a rule, or on nothing."""
        draft = cls.sent(Sent(seen=seen))
        if entry is None:
            draft.steps = [BLANK | {"colour": colour} for colour in Colour]
            return draft
        draft.kind = CURVE if entry.curve else entry.kind
        draft.facts |= _typed(entry)
        draft.steps = [_typed_step(one) for one in entry.steps]
        draft.others = [_typed_step(one) for one in (entry.second.steps if entry.second else ())]
        return draft

    def step(self, act: str) -> None:
        """Add or take out a step, or choose another kind."""
        verb, _, where = act.partition(":")
        if verb == "kind" and where in {*Kind, CURVE}:
            self.kind = where
        rows = {"step": self.steps, "other": self.others}.get(where.partition(".")[0], [])
        number = where.partition(".")[2]
        if verb == "add" and len(rows) < MOST_STEPS:
            rows.append(dict(rows[-1] if rows else BLANK))
        elif verb == "remove" and number.isdecimal() and int(number) < len(rows):
            del rows[int(number)]

    def read(self, code: str) -> RuleEntry | None:
        """Give the rule, or keep what is wrong with it."""
        try:
            return files.checked(self._raw(f"own_{new_id().hex[-12:]}" if code == "new" else code))
        except Rejected as problem:
            self.problem = problem
            return None

    def _raw(self, code: str) -> dict[str, Any]:
        """Give the rule as a file would write it."""
        facts = self.facts
        if not (facts["name_zh"] and facts["name_en"]):
            raise Rejected("The rule needs its name in both languages.")
        raw: dict[str, Any] = {
            "code": code,
            "name": {"zh": facts["name_zh"], "en": facts["name_en"]},
            "hazard_type": facts["hazard_type"],
            "property": facts["property"],
            "kind": Kind.SUM if self.kind == CURVE else self.kind,
            "ease": number(facts["ease"], "%") / 100,
            "margin": number(facts["margin"], "margin"),
            "decay": number(facts["decay"], "decay"),
            "hold_min": number(facts["hold_min"], "min"),
            "down_after_min": number(facts["down_after_min"], "min"),
            "agree": int(number(facts["agree"], "agree")),
        }
        if facts["follows_zh"] or facts["follows_en"]:
            raw["follows"] = {"zh": facts["follows_zh"], "en": facts["follows_en"]}
        raw |= self._curve() if self.kind == CURVE else {"steps": _steps(self.steps, self.kind)}
        if facts["second_property"]:
            kind, steps = facts["second_kind"], _steps(self.others, facts["second_kind"])
            raw["second"] = {"property": facts["second_property"], "kind": kind, "steps": steps}
        return raw

    def _curve(self) -> dict[str, Any]:
        hours = self.facts["curve_hours"].replace("，", ",").split(",")
        shares = {str(one): self.facts[f"share_{one}"] for one in Colour}
        return {
            "curve": {
                "alpha": number(self.facts["alpha"], "α"),
                "beta": number(self.facts["beta"], "β"),
                "hours": [number(one, "h") for one in hours if one.strip()],
            },
            "shares": {one: number(said, "%") / 100 for one, said in shares.items() if said},
        }


def number(said: str, what: str) -> float:
    """Read a number as people write it."""
    try:
        return float(said.strip().replace("−", "-").replace("，", "."))
    except ValueError:
        text = "“{said}” is no number ({what}). Correct it."
        raise Rejected(text, said=said, what=what) from None


def _rows(sent: Sent, group: str) -> list[Row]:
    columns = [getattr(sent, f"{group}_{name}") for name in STEP]
    if len({len(column) for column in columns}) > 1:
        raise Rejected("The form did not arrive whole. Reload the page and try again.")
    return [dict(zip(STEP, row, strict=True)) for row in zip(*columns, strict=True)][:MOST_STEPS]


def _steps(rows: list[Row], kind: str) -> list[dict[str, Any]]:
    """Give the steps that were filled in, with what their kind asks for."""
    told = []
    for n, row in enumerate(rows, start=1):
        if not row["at"].strip():
            continue
        one: dict[str, Any] = {"colour": row["colour"], "at": number(row["at"], "at")}
        if kind in {Kind.RATE, Kind.SUM}:
            if not row["hours"].strip():
                raise Rejected("Step {number} needs its hours.", number=n)
            one["hours"] = number(row["hours"], "h")
        if kind == Kind.OVER:
            if not row["mark"]:
                raise Rejected("Step {number} needs its mark.", number=n)
            one["mark"] = row["mark"]
        told.append(one)
    if not told:
        raise Rejected("The rule has no step yet: write from how much on a colour is reached.")
    return told


def _typed(entry: RuleEntry) -> Row:
    """Give what a person would have typed to make a rule say this."""
    told = {"name_zh": entry.name.zh, "name_en": entry.name.en}
    told |= {"hazard_type": entry.hazard_type, "property": entry.property}
    told |= {"ease": f"{entry.ease * 100:g}", "agree": str(entry.agree)}
    told |= {name: f"{getattr(entry, name):g}"
             for name in ("margin", "decay", "hold_min", "down_after_min")}  # fmt: skip
    if entry.follows:
        told |= {"follows_zh": entry.follows.zh, "follows_en": entry.follows.en}
    if entry.curve:
        told |= {"alpha": f"{entry.curve.alpha:g}", "beta": f"{entry.curve.beta:g}"}
        told["curve_hours"] = ", ".join(f"{one:g}" for one in entry.curve.hours)
        told |= {f"share_{one}": f"{entry.shares[one] * 100:g}" if one in entry.shares else ""
                 for one in Colour}  # fmt: skip
    if entry.second:
        told |= {"second_property": entry.second.property, "second_kind": entry.second.kind}
    return told


def _typed_step(step: files.StepEntry) -> Row:
    hours = f"{step.hours:g}" if step.hours else ""
    return {"colour": step.colour, "at": f"{step.at:g}", "hours": hours, "mark": step.mark or ""}
