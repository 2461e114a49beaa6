"""The YAML files of checklists, read strictly: a slip in a file is told with its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from gis.authority import Role
from gis.errors import Rejected
from gis.exchange import encodings
from hazards.checklists.rules import Mode, Rhythm, Season

THRESHOLDS, LIBRARY = "thresholds.yaml", "items.yaml"
DEEPEST = 40
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")]


class Strict(BaseModel):
    """A part of a file in which an unknown word is a slip."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Strict):
    """The same in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class ChoiceEntry(Strict):
    """One answer of a choice."""

    value: Code
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    bad: bool = False


class ItemEntry(Strict):
    """One item as the file writes it."""

    code: Code
    question: Code | None = None
    kind: Literal["yes_no", "choice", "number", "text", "photo", "signature"]
    text: Words
    bad: bool | None = None
    grade: int = Field(default=4, ge=1, le=4)
    stop: bool = False
    choices: tuple[ChoiceEntry, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    above: float | str | None = None
    below: float | str | None = None
    required: bool = False

    @model_validator(mode="after")
    def fits_its_kind(self) -> Self:
        """Refuse what would make an item that can never be answered, or never be bad."""
        if self.kind == "yes_no" and self.bad is None:
            raise ValueError("yes_no needs `bad: true` (yes is bad) or `bad: false`")
        if self.kind == "choice" and len(self.choices) < 2:
            raise ValueError("choice needs at least two choices")
        if self.required and self.kind not in {"photo", "signature"}:
            raise ValueError("only a photo or a signature can be required")
        return self


class TemplateEntry(Strict):
    """One template as the file writes it."""

    code: Code
    applies_to: tuple[Annotated[str, Field(pattern=r"^(asset|point):[a-z_]+$")], ...]
    name: Words
    hazard_types: tuple[Code, ...] = ()
    mode: Mode = Mode.PEACE
    season: Season = Season.ALL
    rhythm: Rhythm = Rhythm.MONTHLY
    role: Role = Role.PATROL
    window_hours: int = Field(default=72, ge=1, le=24 * 366)
    items: tuple[ItemEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def has_no_twins(self) -> Self:
        """Refuse two items of one code."""
        codes = [item.code for item in self.items]
        if len(set(codes)) < len(codes):
            raise ValueError("two items have the same code")
        return self


class ThresholdEntry(Strict):
    """One figure as the file writes it."""

    code: Code
    default: float
    unit: str
    stop: bool
    name: Words
    note: Words


def read_yaml(path: Path) -> Any:
    """Read a YAML file, or say where it breaks."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as trouble:
        raise Rejected(
            "{file} cannot be read: {reason}", file=path.name, reason=str(trouble)
        ) from None


def yaml_of(said: bytes) -> Any:
    """Read YAML that somebody brings, in UTF-8 or GBK, or name the line where it breaks."""
    text = decoded(said)
    try:
        hold_flat(text)
        return yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as trouble:  # a date such as 2026-13-45 is a ValueError
        mark = getattr(trouble, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise Rejected("This is no YAML. Look at line {line}.", line=line) from None


def decoded(said: bytes) -> str:
    """Read the characters of a file; an editor on Windows saves Chinese as GBK without a mark."""
    name = next((name for mark, name in encodings.MARKS if said.startswith(mark)), None)
    try:
        return said.decode(name or encodings.guessed([said], source="YAML"))
    except (Rejected, UnicodeDecodeError):
        raise Rejected(
            "The characters of this file cannot be read. Save it as UTF-8 and bring it again."
        ) from None


def hold_flat(text: str) -> None:
    """Refuse what grows without end when it is read: nine lines of references fill a memory."""
    depth = line = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else line
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
            raise Rejected(
                "Line {line} refers to another place of the file, or is nested too deep. "
                "Write it out in full.",
                line=line,
            )


Made = TypeVar("Made", bound=BaseModel)


def fitted(kind: type[Made], raw: Any, *, name: str) -> Made:
    """Read one entry that somebody brings, or name the place of the first slip below its name."""
    try:
        return kind.model_validate(raw)
    except ValidationError as trouble:
        first = trouble.errors()[0]
        place = " → ".join(str(step) for step in (name, *first["loc"]) if step != "")
        raise Rejected("{where} does not fit: {reason}", where=place, reason=first["msg"]) from None


Entry = TypeVar("Entry")


def parse(path: Path, kind: TypeAdapter[Entry], raw: Any) -> Entry:
    """Turn what a file says into entries, or name the place of the first slip."""
    try:
        return kind.validate_python(raw)
    except ValidationError as trouble:
        first = trouble.errors()[0]
        place = " → ".join(str(step) for step in first["loc"])
        raise Rejected(
            "{file}, {place}: {reason}", file=path.name, place=place, reason=first["msg"]
        ) from None


def thresholds(folder: Path) -> tuple[ThresholdEntry, ...]:
    """Read the figures."""
    path = folder / THRESHOLDS
    return parse(path, TypeAdapter(tuple[ThresholdEntry, ...]), read_yaml(path))


def library(folder: Path) -> dict[str, Any]:
    """Read the items that several templates share; a template names them by their code."""
    path = folder / LIBRARY
    raw = read_yaml(path) if path.exists() else []
    parse(path, TypeAdapter(tuple[ItemEntry, ...]), raw)
    return {item["code"]: item for item in raw}


def filled(raw: Any, shared: dict[str, Any]) -> Any:
    """Put items where a template names them; an unknown name stays and is refused.

    What was written last above it in its own file counts before what all files share.
    """
    known = dict(shared)
    for template in raw if isinstance(raw, list) else ():
        if isinstance(template, dict) and isinstance(template.get("items"), list):
            items = [known.get(one, one) if isinstance(one, str) else one
                     for one in template["items"]]  # fmt: skip
            template["items"] = items
            known |= {str(one.get("code")): one for one in items if isinstance(one, dict)}
    return raw


def templates(folder: Path) -> Iterator[TemplateEntry]:
    """Read all templates of a folder and the folders in it, in the order of the file names."""
    kind, shared = TypeAdapter(tuple[TemplateEntry, ...]), library(folder)
    for path in sorted(folder.rglob("*.yaml")):
        if path.name not in {THRESHOLDS, LIBRARY}:
            raw = read_yaml(path)
            yield from parse(path, kind, filled(raw if isinstance(raw, list) else [raw], shared))
