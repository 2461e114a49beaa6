"""The editor of a plan: actions added, moved and taken out, and what is wrong with them.

The server holds no half-made plan: every act sends the whole form and gets it back changed, so
that it works by keyboard, without scripts, and on a bad line.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from gis.errors import PlatformError, Rejected
from rescue_app.plans import files
from rescue_app.plans.files import PlanEntry
from rescue_app.plans.slips import Slip

FACTS = ("name_zh", "name_en", "follows_zh", "follows_en")
ACTION = ("code", "step", "level", "who", "within_min", "zh", "en", "materials", "crew",
          "checklist_zh", "checklist_en")  # fmt: skip
BLANK = dict.fromkeys(ACTION, "") | {"level": "IV", "who": "lead", "within_min": "30"}


class Sent(BaseModel):
    """The form as a browser sends it: each action gives one value to every list."""

    do: str = "show"
    seen: int = 0
    name_zh: str = ""
    name_en: str = ""
    follows_zh: str = ""
    follows_en: str = ""
    action_code: list[str] = []
    action_step: list[str] = []
    action_level: list[str] = []
    action_who: list[str] = []
    action_within_min: list[str] = []
    action_zh: list[str] = []
    action_en: list[str] = []
    action_materials: list[str] = []
    action_crew: list[str] = []
    action_checklist_zh: list[str] = []
    action_checklist_en: list[str] = []


@dataclass(slots=True)
class Draft:
    """What stands in the editor."""

    seen: int
    facts: dict[str, str]
    actions: list[dict[str, str]]
    problem: PlatformError | None = None

    @classmethod
    def sent(cls, sent: Sent) -> "Draft":
        """Take what a browser sent."""
        columns = [getattr(sent, f"action_{name}") for name in ACTION]
        if len({len(column) for column in columns}) > 1:
            raise Rejected("The form did not arrive whole. Reload the page and try again.")
        rows = [dict(zip(ACTION, row, strict=True)) for row in zip(*columns, strict=True)]
        return cls(sent.seen, {name: getattr(sent, name).strip() for name in FACTS}, rows)

    @classmethod
    def brought(cls, raw: dict[str, Any], seen: int) -> "Draft":
        """Open the editor on what a plan says."""
        facts = {
            f"{part}_{language}": raw.get(part, {}).get(language, "")
            for part in ("name", "follows")
            for language in ("zh", "en")
        }
        return cls(seen, facts, [typed(one) for one in raw["actions"]])

    @property
    def slip(self) -> Slip | None:
        """Give what is wrong with one field that stands in the editor."""
        slip = self.problem if isinstance(self.problem, Slip) else None
        shown = FACTS if slip and slip.action is None else ACTION
        return slip if slip and slip.field in shown else None

    def step(self, act: str) -> None:
        """Add, move or take out an action; a new one stands behind the others of its step."""
        verb, _, where = act.partition(":")
        at = int(where) if where.isdigit() and int(where) < len(self.actions) else None
        if verb == "add" and where in ("consult", "patrol", "evacuate", "rescue", "duty"):
            if len(self.actions) < files.MOST_ACTIONS:
                self.actions.append(BLANK | {"step": where})
            else:
                self.problem = Rejected(
                    "A plan holds at most {count} actions.", count=files.MOST_ACTIONS
                )
        elif at is not None and verb == "remove":
            del self.actions[at]
        elif at is not None and verb in {"up", "down"}:
            to = max(0, at + (1 if verb == "down" else -1))
            self.actions.insert(to, self.actions.pop(at))

    def read(self, plan_type: str) -> PlanEntry | None:
        """Give the plan, or keep what is wrong with it."""
        self.name_actions()
        try:
            return files.checked(
                {
                    "type": plan_type,
                    "name": {"zh": self.facts["name_zh"], "en": self.facts["name_en"]},
                    "follows": {"zh": self.facts["follows_zh"], "en": self.facts["follows_en"]},
                    "actions": [raw_action(*pair) for pair in enumerate(self.actions, start=1)],
                }
            )
        except Rejected as problem:
            self.problem = problem
            return None

    def name_actions(self) -> None:
        """Give new actions a code of their own: people need not think of one."""
        taken = {action["code"] for action in self.actions}
        for action in self.actions:
            number = 1
            while not action["code"]:
                wanted = f"{action['step'] or 'action'}_{number}"
                if wanted not in taken:
                    action["code"] = wanted
                    taken.add(wanted)
                number += 1


def typed(action: dict[str, Any]) -> dict[str, str]:
    """Give what a person would have typed to make an action say this."""
    plain = {name: str(action.get(name, "")) for name in ACTION}
    told = ", ".join(f"{code} {amount}" for code, amount in action.get("materials", {}).items())
    asked = ", ".join(action.get("crew", ()))
    words: dict[str, str] = action["text"]
    return plain | words | {"materials": told, "crew": asked} | typed_items(action)


def typed_items(action: dict[str, Any]) -> dict[str, str]:
    """Give a checklist as it is typed: an item to a line, once in each language."""
    return {
        f"checklist_{language}": "\n".join(
            " ".join(one[language].split()) for one in action.get("checklist", ())
        )
        for language in ("zh", "en")
    }


def raw_action(number: int, action: dict[str, str]) -> dict[str, Any]:
    """Give an action as a file would write it."""
    said = {name: action[name].strip() for name in ("code", "step", "level", "who")}
    if not action["zh"].strip() or not action["en"].strip():
        raise Slip("Action {number} needs its words in both languages.", action=number - 1,
                   field="en" if action["zh"].strip() else "zh", number=number)  # fmt: skip
    if not action["within_min"].strip().isdecimal():
        raise Slip("Action {number} needs its minutes, digits only.", action=number - 1,
                   field="within_min", number=number)  # fmt: skip
    return said | {
        "within_min": int(action["within_min"]),
        "text": {"zh": action["zh"].strip(), "en": action["en"].strip()},
        "materials": materials_of(action["materials"], number),
        "crew": codes_of(action["crew"]),
        "checklist": items_of(action, number),
    }


def items_of(action: dict[str, str], number: int) -> list[dict[str, str]]:
    """Read a checklist: its lines in both languages belong together one by one."""
    zh, en = (
        [line.strip() for line in action[f"checklist_{language}"].splitlines() if line.strip()]
        for language in ("zh", "en")
    )
    if len(zh) != len(en):
        raise Slip(
            "Action {number}: its checklist has {zh} lines in Chinese and {en} in English. "
            "Write each item on a line of its own in both.",
            action=number - 1, field="checklist_zh" if len(zh) < len(en) else "checklist_en",
            number=number, zh=len(zh), en=len(en),
        )  # fmt: skip
    return [{"zh": one, "en": other} for one, other in zip(zh, en, strict=True)]


def codes_of(said: str) -> list[str]:
    """Read codes between commas."""
    return [one.strip() for one in said.replace("，", ",").split(",") if one.strip()]


def materials_of(said: str, number: int) -> dict[str, int]:
    """Read materials: a code and an amount each, between commas."""
    found: dict[str, int] = {}
    for part in said.replace("，", ",").split(","):
        code, _, amount = part.strip().partition(" ")
        if not code:
            continue
        if not amount.strip().isdecimal():
            raise Slip(
                "Action {number}: write materials as code and amount, such as sandbag 200.",
                action=number - 1, field="materials", number=number,
            )  # fmt: skip
        found[code] = int(amount)
    return found
