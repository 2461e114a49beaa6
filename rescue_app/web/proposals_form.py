"""The form of a proposal: each action gives one value to every list, ticked or not."""

from collections import defaultdict
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from gis.errors import Rejected
from gis.store.base import new_id
from rescue_app.plans.rules import STEPS
from rescue_app.proposals.rules import ADDED, LONGEST_MIN, ActionDraft, BatchDraft

Blank = BeforeValidator(lambda value: value or None)
ADD = "add:"
COLUMNS = ("code", "step", "what", "within", "items", "proposed")


class IssueForm(BaseModel):
    """The form as a browser sends it; its number is made with it, so a second press is the same.

    `targets` says `<row>=unit:<id>` or `<row>=crew:<id>`, `take` the rows that are ticked.
    """

    id: UUID = Field(default_factory=new_id)
    district: str = ""
    level: str = ""
    plan_type: str = ""
    plan_version: Annotated[int | None, Blank] = None
    seen: list[UUID] = Field(default_factory=list)
    where: str = ""
    urgency: str = ""
    code: list[str] = Field(default_factory=list)
    step: list[str] = Field(default_factory=list)
    what: list[str] = Field(default_factory=list)
    within: list[str] = Field(default_factory=list)
    items: list[str] = Field(default_factory=list)
    proposed: list[str] = Field(default_factory=list)
    take: list[int] = Field(default_factory=list)
    targets: list[str] = Field(default_factory=list)
    do: str = "issue"
    confirmed: bool = False

    def rows(self) -> list[dict[str, str]]:
        """Give the actions as they were typed."""
        columns = [getattr(self, name) for name in COLUMNS]
        if len({len(column) for column in columns}) > 1:
            raise Rejected("The form did not arrive whole. Reload the page and try again.")
        return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]

    def chosen(self) -> dict[int, list[str]]:
        """Give who gets each action."""
        found: dict[int, list[str]] = defaultdict(list)
        for said in self.targets:
            row, _, target = said.partition("=")
            if row.isdecimal() and target:
                found[int(row)].append(target)
        return found

    def added(self) -> str | None:
        """Give the step of an action that is to be added to the form, if that was pressed."""
        step = self.do.removeprefix(ADD) if self.do.startswith(ADD) else None
        return step if step in STEPS else None

    def draft(self, incident_id: UUID) -> BatchDraft:
        """Give it as the service takes it."""
        rows, targets = self.rows(), self.chosen()
        return BatchDraft(
            id=self.id,
            incident_id=incident_id,
            district_path=self.district,
            level=self.level,
            plan_type=self.plan_type,
            plan_version=self.plan_version,
            urgency=self.urgency,
            where=self.where,
            actions=tuple(
                action(row, tuple(dict.fromkeys(targets.get(n, ()))))
                for n, row in enumerate(rows)
                if n in self.take
            ),
            left_out=tuple(
                row["code"]
                for n, row in enumerate(rows)
                if n not in self.take and not row["code"].startswith(ADDED)
            ),
            seen=frozenset(self.seen),
        )


def action(row: dict[str, str], targets: tuple[str, ...]) -> ActionDraft:
    """Read one action."""
    minutes = row["within"].strip()
    fits = minutes.isdecimal() and len(minutes) <= len(str(LONGEST_MIN))
    before = {"said": row["proposed"][:400]} if row["proposed"] else {}
    # 0 minutes are refused by the rule, which names the action.
    return ActionDraft(
        row["code"],
        row["step"],
        row["what"],
        int(minutes) if fits else 0,
        targets,
        tuple(line.strip() for line in row["items"].splitlines() if line.strip()),
        before,
    )
