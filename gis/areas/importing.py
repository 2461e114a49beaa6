"""Takes real boundaries into the tree: measured first, dry by default, the same file twice once.

A real boundary replaces an approximate one in place. Against another real one it counts from
its day on: the old row ends the day before, and history keeps it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from gis import shift
from gis.areas import incoming, repository, rules
from gis.areas.english import Speller
from gis.areas.incoming import Columns, Feature
from gis.areas.models import Area
from gis.areas.rules import AreaLevel, BoundaryKind
from gis.areas.service import CITY_PATH, Counts, Outcome, announce, same
from gis.errors import PlatformError, Rejected
from gis.exchange import Table
from gis.exchange.table import Refused
from gis.store import audit

# A boundary lies in its parent but for the noise of two drawings.
LEAST_INSIDE = 0.5
IMPORTED = "import"
KEPT = ("code", "code_system", "level", "parent_id", "path", "centre", "population")
# Who said it and how it is spelt is no change of the area.
UNTOLD = frozenset({"source", "name_en"})


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller says about the whole file."""

    columns: Columns
    source: str
    valid_from: date | None = None
    code_system: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one feature, or would."""

    line: int
    code: str | None
    name: str | None
    outcome: Outcome
    reasons: tuple[PlatformError, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file: a line for each feature, in the order of the file."""

    lines: tuple[Line, ...]
    notes: tuple[PlatformError, ...]

    @property
    def counts(self) -> Counts:
        """How many features ended how."""
        return Counter(line.outcome for line in self.lines)


def import_boundaries(
    session: Session,
    table: Table,
    terms: Terms,
    *,
    speller: Speller,
    apply: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Bring a boundary file into the tree; without `apply` only say what would become of it."""
    found = incoming.read(table, terms.columns, valid_from=terms.valid_from, progress=progress)
    refuse_shifted(session, found.features, on=terms.valid_from)
    lines = [_refused_line(refusal) for refusal in found.refused]
    # Bigger areas first: a street may come with its district in one file.
    ordered = sorted(found.features, key=lambda feature: (len(feature.code), feature.line))
    with session.begin_nested() as trial:
        for feature in ordered:
            lines.append(_take(session, feature, terms, speller))
            if progress is not None:
                progress(1)
        if not apply:
            trial.rollback()
    if apply:
        _record(session, terms, lines)
    return Report(tuple(sorted(lines, key=lambda line: line.line)), found.notes)


def _record(session: Session, terms: Terms, lines: Sequence[Line]) -> None:
    counts = Counter(line.outcome for line in lines)
    if not counts[Outcome.ADDED] + counts[Outcome.CHANGED]:
        return
    facts = {str(outcome): count for outcome, count in counts.items()}
    audit.record(
        session,
        act="areas.imported",
        subject=None,
        area_path=CITY_PATH,
        source=terms.source,
        **facts,
    )
    announce(session)


def refuse_shifted(session: Session, features: Sequence[Feature], *, on: date | None) -> None:
    """Stop the whole set if it fits the districts we know only after a shift."""
    known = select(Area.boundary).where(
        Area.level == AreaLevel.DISTRICT,
        Area.boundary_kind == BoundaryKind.SURVEYED,
        repository.valid(on),
    )
    districts = [shape for shape in session.scalars(known) if shape is not None]
    lowest = max((len(feature.code) for feature in features), default=0)
    shapes = [feature.shape for feature in features if len(feature.code) == lowest]
    measured = shift.of_boundaries(shapes, districts)
    if measured is not None:
        raise measured.refusal()


def _take(session: Session, feature: Feature, terms: Terms, speller: Speller) -> Line:
    try:
        outcome = _place(session, feature, terms, speller)
    except Rejected as reason:
        reasons = (*feature.repairs, reason)
        return Line(feature.line, feature.code, feature.name, Outcome.REFUSED, reasons)
    session.flush()  # the next feature may name this one as its parent
    return Line(feature.line, feature.code, feature.name, outcome, feature.repairs)


def _place(session: Session, feature: Feature, terms: Terms, speller: Speller) -> Outcome:
    system = terms.code_system or _system(session, feature)
    rows = repository.since(session, feature.code, feature.valid_from, system=system)
    parent = _parent(session, feature, rows)
    facts: dict[str, Any] = {
        "name": feature.name,
        "name_en": speller.name(feature.name),
        "boundary": feature.shape,
        "boundary_kind": BoundaryKind.SURVEYED,
        "source": f"{IMPORTED} {terms.source}",
    }
    if not rows:
        _refuse_ended(session, feature, system)
        session.add(_new(feature, parent, system, facts))
        return Outcome.ADDED
    _refuse_stranger(feature, rows[-1])
    outcomes = {_change(session, row, feature, parent, facts) for row in rows}
    return Outcome.SAME if outcomes == {Outcome.SAME} else Outcome.CHANGED


def _system(session: Session, feature: Feature) -> str:
    """The code system in which the code means something on that day, else the usual one."""
    known = repository.by_code(session, feature.code, feature.valid_from)
    return known.code_system if known else rules.system_of(feature.code)


def _refuse_ended(session: Session, feature: Feature, system: str) -> None:
    ended = repository.since(session, feature.code, date.min, system=system)
    if ended and feature.valid_from is None:
        raise Rejected(
            "Code {code} ({name}) ended on {day}. Name the day from which the boundary holds.",
            code=feature.code,
            name=ended[-1].name,
            day=ended[-1].validity.upper,
        )


def _refuse_stranger(feature: Feature, row: Area) -> None:
    """Codes are used again: 500105 was 江北区 and is 两江新区 in one of our layers."""
    if feature.name == row.name or feature.valid_from is not None or row.boundary is None:
        return
    shared = feature.shape.intersection(row.boundary).area
    share = shared / (feature.shape.area + row.boundary.area - shared)
    if share < LEAST_INSIDE:
        raise Rejected(
            "Code {code} is {known} here, and {name} covers another ground. "
            "Check the code, or name the day from which it holds.",
            code=feature.code,
            known=row.name,
            name=feature.name,
        )


def _parent(session: Session, feature: Feature, rows: Sequence[Area]) -> Area | None:
    """The area above: as the file names it, else as we know it, else as the code says."""
    if rules.level_of(feature.code) is AreaLevel.CITY:
        return None
    if feature.parent is not None:
        found = _named(session, feature.parent, feature.valid_from)
    elif rows:
        found = session.get(Area, rows[-1].parent_id)
    else:
        code = rules.parent_code(feature.code) or ""
        found = repository.by_code(session, code, feature.valid_from)
    if found is None:
        raise Rejected(
            "The area above ({parent}) is not known. Import it first, or name the column of it.",
            parent=feature.parent or rules.parent_code(feature.code),
        )
    if found.boundary is not None:
        share = feature.shape.intersection(found.boundary).area / feature.shape.area
        if share < LEAST_INSIDE:
            raise Rejected(
                "Only {percent} % of it lies in {parent}. Check its code and its parent.",
                percent=round(share * 100),
                parent=found.name,
            )
    return found


def _named(session: Session, parent: str, on: date | None) -> Area | None:
    by_code = repository.by_code(session, parent, on)
    if by_code is not None:
        return by_code
    alike = repository.by_name(session, parent, on)
    if len(alike) > 1:
        raise Rejected(
            "There are {count} areas called {name}. Give the code.", count=len(alike), name=parent
        )
    return alike[0] if alike else None


def _new(feature: Feature, parent: Area | None, system: str, facts: dict[str, Any]) -> Area:
    return Area(
        code=feature.code,
        code_system=system,
        level=rules.level_of(feature.code),
        parent_id=parent.id if parent else None,
        path=rules.path_of(feature.code, parent=parent.path if parent else rules.ROOT),
        validity=Range(feature.valid_from, None),
        centre=feature.shape.representative_point(),
        population=None,
        **facts,
    )


def _change(
    session: Session, row: Area, feature: Feature, parent: Area | None, facts: dict[str, Any]
) -> Outcome:
    """Correct a row, or end it and begin another where a real boundary gives way to a newer."""
    facts = facts | _home(row, feature, parent)
    if all(same(getattr(row, name), facts[name]) for name in facts if name not in UNTOLD):
        return Outcome.SAME
    since, lower = feature.valid_from, row.validity.lower
    begins_later = since is not None and (lower is None or lower < since)
    if row.boundary_kind == BoundaryKind.SURVEYED and begins_later:
        kept = {name: getattr(row, name) for name in KEPT}
        newer = Area(**(kept | facts), validity=Range(since, row.validity.upper))
        row.validity = Range(lower, since)
        session.add(newer)
        session.flush()  # what lies below from that day on needs the new parent's id
        below = (Area.parent_id == row.id, func.lower(Area.validity) >= since)
        session.execute(update(Area).where(*below).values(parent_id=newer.id))
        return Outcome.CHANGED
    for name, value in facts.items():
        setattr(row, name, value)
    if row.centre is None:
        row.centre = feature.shape.representative_point()
    return Outcome.CHANGED


def _home(row: Area, feature: Feature, parent: Area | None) -> dict[str, Any]:
    """The parent that the file names, for a row that is true while the parent is."""
    if feature.parent is None or parent is None:
        return {}
    begin, end = parent.validity.lower, row.validity.upper
    if begin is not None and end is not None and end <= begin:
        return {}
    return {"parent_id": parent.id, "path": rules.path_of(feature.code, parent=parent.path)}


def _refused_line(refusal: Refused) -> Line:
    return Line(refusal.line, refusal.value, None, Outcome.REFUSED, (refusal.reason,))
