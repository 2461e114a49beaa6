"""Count all assets of an area at once, as sets: one look over assets, labels and visits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import false, func, or_, select, text
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.areas.models import Area
from gis.store.base import among
from hazards.checklists.models import ChecklistTemplate
from hazards.checklists.rules import Mode, Rhythm
from qr_codes.assets import repository as assets
from qr_codes.assets.models import Asset, AssetType
from qr_codes.assets.repository import Wanted
from qr_codes.coverage import rules
from qr_codes.coverage.rules import Figures
from qr_codes.inspections.models import Inspection

SUBJECT = "asset:"
MISSING = "missing"
# Counted by the assets' own areas first: the paths are cut for thousands of groups, not for each.
COUNTED = text("""
    WITH due AS (
        SELECT * FROM unnest(CAST(:types AS text[]), CAST(:since AS timestamptz[]))
            AS one (type_code, since)
    ), seen AS (
        SELECT asset_id, max(done_at) AS at FROM inspection
        WHERE done_at >= :oldest AND starts_with(area_path, :under) GROUP BY asset_id
    ), counted AS (
        SELECT asset.area_path, asset.type_code, count(*) AS assets,
               count(label.asset_id) AS labelled, count(label.mounted_at) AS mounted,
               count(due.since) AS due, count(*) FILTER (WHERE seen.at >= due.since) AS patrolled
        FROM asset
        LEFT JOIN risk_code AS label ON label.asset_id = asset.id
            AND label.state IN ('printed', 'mounted', 'damaged')
        LEFT JOIN due ON due.type_code = asset.type_code
        LEFT JOIN seen ON seen.asset_id = asset.id
        WHERE asset.retired_at IS NULL AND starts_with(asset.area_path, :under)
            AND (:kind = '' OR asset.type_code = :kind)
        GROUP BY asset.area_path, asset.type_code
    )
    SELECT rtrim(array_to_string((string_to_array(area_path, '/'))[1:CAST(:depth AS integer)], '/'),
                 '/') || '/' AS part, type_code,
           sum(assets)::bigint, sum(labelled)::bigint, sum(mounted)::bigint, sum(due)::bigint,
           sum(patrolled)::bigint
    FROM counted GROUP BY part, type_code
""")


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of an area: all of it, each part right below it, each kind."""

    total: Figures
    parts: Sequence[tuple[Area, Figures]]
    kinds: Sequence[tuple[AssetType, Figures]]


def board(session: Session, *, under: str, kind: str, now: datetime) -> Board:
    """Count what lies in an area, of one kind or of all."""
    kinds = assets.types(session)
    known = starts(session, now)
    given = {"types": list(known), "since": list(known.values()), "under": under, "kind": kind}
    given |= {"oldest": min(known.values(), default=now), "depth": under.count("/") + 1}
    counted = [(row[0], row[1], Figures(*row[2:])) for row in session.execute(COUNTED, given)]
    parts = areas.children(session, under) or areas.lineage(session, under)[-1:]
    return Board(
        total=rules.total(figures for _, _, figures in counted),
        parts=[(p, rules.total(f for path, _, f in counted if path == p.path)) for p in parts],
        kinds=[(k, rules.total(f for _, code, f in counted if code == k.code)) for k in kinds],
    )


def narrowed(session: Session, wanted: Wanted, *, now: datetime) -> Wanted:
    """Leave what the board counts as due and not patrolled, if a list asks for that."""
    if wanted.visit != MISSING:
        return wanted
    visits = select(Inspection.id).where(Inspection.asset_id == Asset.id)
    visits = visits.where(Inspection.area_path.startswith(wanted.under, autoescape=True))
    missed = [
        (Asset.type_code == code) & ~visits.where(Inspection.done_at >= since).exists()
        for code, since in starts(session, now).items()
    ]
    return replace(wanted, also=(or_(false(), *missed),))


def last_visits(session: Session, asset_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    """Tell when some assets were last visited; what never was is not among them."""
    latest = func.max(Inspection.done_at).label("at")
    query = select(Inspection.asset_id, latest).where(among(Inspection.asset_id, asset_ids))
    return {row.asset_id: row.at for row in session.execute(query.group_by(Inspection.asset_id))}


def starts(session: Session, now: datetime) -> Mapping[str, datetime]:
    """Tell for each kind that a list asks for by the calendar since when a visit counts."""
    query = select(ChecklistTemplate.applies_to, ChecklistTemplate.rhythm)
    query = query.where(~ChecklistTemplate.retired, ChecklistTemplate.mode == Mode.PEACE)
    rhythms: dict[str, list[Rhythm]] = {}
    for subjects, rhythm in session.execute(query):
        for subject in subjects:
            if subject.startswith(SUBJECT):
                rhythms.setdefault(subject.removeprefix(SUBJECT), []).append(Rhythm(rhythm))
    found = {code: rules.since(several, now) for code, several in rhythms.items()}
    return {code: at for code, at in found.items() if at is not None}
