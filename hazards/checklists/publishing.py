"""New versions of templates: what was answered keeps its version, what changed gets the next.

What ships and what a city wrote itself meet here. A city's own version stays in force when the
files change: the new shipped one is kept beside it, to be compared and taken over by a person.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import insert, select, tuple_, update
from sqlalchemy.orm import Session

from gis.errors import Conflict
from hazards.checklists import rows
from hazards.checklists.files import TemplateEntry
from hazards.checklists.models import ChecklistItem, ChecklistTemplate, Threshold

SHIPPED_BY = "一通 Yitong"


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered of one version when the next is weighed."""

    code: str
    version: int
    digest: str
    shipped: bool
    retired: bool


class Held(Protocol):
    """A version in force, of whatever it is."""

    @property
    def version(self) -> int: ...  # noqa: D102 - as in `Past`
    @property
    def made_by_name(self) -> str: ...  # noqa: D102 - whose it is


def check_seen(held: Held | None, seen_version: int) -> None:
    """Refuse to publish over a version that the editor has not seen."""
    if seen_version != (held.version if held else 0):
        raise Conflict(
            "Meanwhile {name} has published version {version}. Look at it, then publish yours.",
            name=held.made_by_name if held else "—",
            version=held.version if held else 0,
        )


def past_of(session: Session, codes: Sequence[str]) -> dict[str, list[Past]]:
    """Give the versions of templates, the oldest first."""
    table = ChecklistTemplate
    query = select(table.code, table.version, table.digest, table.shipped, table.retired)
    found: dict[str, list[Past]] = defaultdict(list)
    for row in session.execute(query.where(table.code.in_(codes)).order_by(table.version)):
        found[row.code].append(Past(*row))
    return found


def ship(session: Session, templates: Sequence[TemplateEntry]) -> None:
    """Bring the shipped templates to what the files say; what left the files is retired."""
    codes = [template.code for template in templates]
    past = past_of(session, codes)
    table = ChecklistTemplate
    gone = update(table).where(table.code.not_in(codes), table.shipped, table.retired.is_(False))
    session.execute(gone.values(retired=True))
    fresh: list[tuple[TemplateEntry, int, bool]] = []
    again: list[tuple[str, int]] = []
    for template in templates:
        versions = past[template.code]
        own = any(not one.shipped and not one.retired for one in versions)
        last = next((one for one in reversed(versions) if one.shipped), None)
        if last is None or last.digest != rows.digest_of(template):
            fresh.append((template, next_of(versions), own))
        elif last.retired and not own:
            again.append((last.code, last.version))
    key = tuple_(table.code, table.version)
    session.execute(update(table).where(key.in_(again)).values(retired=False))
    add(session, fresh, shipped=True, made_by_name=SHIPPED_BY)


def publish(session: Session, template: TemplateEntry, *, by_name: str) -> int:
    """Put a city's own version in force; the same content again changes nothing."""
    versions = past_of(session, [template.code])[template.code]
    held = next((one for one in versions if not one.retired), None)
    if held and held.digest == rows.digest_of(template):
        return held.version
    version = next_of(versions)
    add(session, [(template, version, False)], shipped=False, made_by_name=by_name)
    return version


def next_of(versions: Sequence[Past]) -> int:
    """Give the number of the next version."""
    return versions[-1].version + 1 if versions else 1


def add(session: Session, fresh: Sequence[tuple[TemplateEntry, int, bool]], **author: Any) -> None:
    """Insert versions (template, number, kept beside another's), retiring those they replace."""
    if not fresh:
        return
    table = ChecklistTemplate
    replaced = [template.code for template, _, beside in fresh if not beside]
    session.execute(update(table).where(table.code.in_(replaced)).values(retired=True))
    known = set(session.scalars(select(Threshold.code)))
    session.execute(
        insert(table),
        [
            rows.template_row(template, version=version, retired=beside, **author)
            for template, version, beside in fresh
        ],
    )
    items = [row for template, version, _ in fresh
             for row in rows.item_rows(template, version, known)]  # fmt: skip
    # What an item leaves open is written as open: else each pattern of gaps is a statement.
    session.execute(insert(ChecklistItem).execution_options(render_nulls=True), items)
