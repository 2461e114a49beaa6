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

FACTS = ("name_zh", "name_en", "follows_zh", "follows_en")
ACTION = ("code", "step", "level", "who", "within_min", "zh", "en", "materials", "crew")
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
        """Open the editor on what a file says, as far as it fits."""
        facts = {
            f"{part}_{language}": str((raw.get(part) or {}).get(language, ""))
            if isinstance(raw.get(part), dict)
            else ""
            for part in ("name", "follows")
            for language in ("zh", "en")
        }
        return cls(seen, facts, [typed(one) for one in raw["actions"] if isinstance(one, dict)])

    def step(self, act: str) -> None:
        """Add, move or take out an action; a new one stands behind the others of its step."""
        verb, _, where = act.partition(":")
        at = int(where) if where.isdigit() and int(where) < len(self.actions) else None
        if verb == "add" and where in ("consult", "patrol", "evacuate", "rescue", "duty"):
            self.actions.append(BLANK | {"step": where})
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
    words = action.get("text") if isinstance(action.get("text"), dict) else {}
    plain = {name: str(action.get(name, "")) for name in ACTION}
    materials = action.get("materials") if isinstance(action.get("materials"), dict) else {}
    said = {language: str((words or {}).get(language, "")) for language in ("zh", "en")}
    told = ", ".join(f"{code} {amount}" for code, amount in (materials or {}).items())
    crew = action.get("crew") if isinstance(action.get("crew"), list | tuple) else ()
    asked = ", ".join(str(code) for code in crew or ())
    return plain | said | {"materials": told, "crew": asked}


def raw_action(number: int, action: dict[str, str]) -> dict[str, Any]:
    """Give an action as a file would write it."""
    said = {name: action[name].strip() for name in ("code", "step", "level", "who")}
    if not action["zh"].strip() or not action["en"].strip():
        raise Rejected("Action {number} needs its words in both languages.", number=number)
    if not action["within_min"].strip().isdecimal():
        raise Rejected("Action {number} needs its minutes, digits only.", number=number)
    return said | {
        "within_min": int(action["within_min"]),
        "text": {"zh": action["zh"].strip(), "en": action["en"].strip()},
        "materials": materials_of(action["materials"], number),
        "crew": codes_of(action["crew"]),
    }


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
            raise Rejected(
                "Action {number}: write materials as code and amount, such as sandbag 200.",
                number=number,
            )
        found[code] = int(amount)
    return found
